import { Migration } from '@mikro-orm/migrations';

export class Migration20261122185000 extends Migration {
  override up(): void {
    this.addSql(
      "create index chat_rooms_channels_index on chat_rooms (app_id, member_count, id) where type = 'channel'",
    );
    this.addSql(
      `create table room_invites (id uuid not null, app_id varchar(64) not null, room_id uuid not null, token_hash varchar(64) not null,
        created_by uuid not null, expires_at timestamptz(3) null, max_uses int null, uses int not null default 0,
        created_at timestamptz(3) not null, primary key (id))`,
    );
    this.addSql('alter table room_invites add constraint room_invites_token_hash_unique unique (token_hash)');
    this.addSql('create index room_invites_room_id_index on room_invites (room_id)');
  }
}
