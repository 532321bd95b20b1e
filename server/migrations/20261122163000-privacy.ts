import { Migration } from '@mikro-orm/migrations';

export class Migration20261122163000 extends Migration {
  override up(): void {
    this.addSql(
      'alter table users add findable_by_email boolean not null default true, add erased_at timestamptz(3) null',
    );
    this.addSql(
      'create table avatars (id uuid not null, app_id varchar(64) not null, user_id uuid not null, image bytea not null, created_at timestamptz(3) not null, primary key (id))',
    );
    this.addSql('alter table avatars add constraint avatars_user_id_unique unique (user_id)');
    this.addSql(
      `create table erasures (user_id uuid not null, app_id varchar(64) not null, messages int not null default 0,
        rooms int not null default 0, friends int not null default 0, requests int not null default 0,
        blocks int not null default 0, sessions int not null default 0, avatars int not null default 0,
        created_at timestamptz(3) not null, lease_until timestamptz(3) not null, finished_at timestamptz(3) null,
        primary key (user_id))`,
    );
    this.addSql('create index chat_room_members_left_index on chat_room_members (user_id) where left_at is not null');
    this.addSql('create index erasures_unfinished_index on erasures (lease_until) where finished_at is null');
  }
}
