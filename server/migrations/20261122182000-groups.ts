import { Migration } from '@mikro-orm/migrations';

export class Migration20261122182000 extends Migration {
  override up(): void {
    this.addSql('alter table chat_room_members add removed boolean not null default false');
    this.addSql(
      'create table room_pictures (id uuid not null, app_id varchar(64) not null, room_id uuid not null, image bytea not null, created_at timestamptz(3) not null, primary key (id))',
    );
    this.addSql('alter table room_pictures add constraint room_pictures_room_id_unique unique (room_id)');
  }
}
