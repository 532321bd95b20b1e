import { Migration } from '@mikro-orm/migrations';
import { CREATE_SEND_MESSAGES } from '../messages/send-messages.sql.ts';

export class Migration20261122090000 extends Migration {
  override up(): void {
    this.addSql('create extension if not exists pg_trgm');
    this.addSql(
      'create table apps (id varchar(64) not null, name varchar(100) not null, origins text[] not null, loopback boolean not null default false, no_origin boolean not null default false, created_at timestamptz(3) not null default now(), primary key (id))',
    );
    this.addSql(
      'create table blocks (user_id uuid not null, blocked_id uuid not null, app_id varchar(64) not null, created_at timestamptz(3) not null, primary key (user_id, blocked_id))',
    );
    this.addSql('create index blocks_blocked_id_index on blocks (blocked_id)');
    this.addSql(
      'create table friends (user_id uuid not null, friend_id uuid not null, app_id varchar(64) not null, room_id uuid not null, since timestamptz(3) not null, primary key (user_id, friend_id))',
    );
    this.addSql(
      'create table friend_requests (id uuid not null, app_id varchar(64) not null, from_id uuid not null, to_id uuid not null, status varchar(16) not null, created_at timestamptz(3) not null, primary key (id))',
    );
    this.addSql('create index friend_requests_from_id_status_index on friend_requests (from_id, status)');
    this.addSql('create index friend_requests_to_id_status_index on friend_requests (to_id, status)');
    this.addSql(
      `create unique index friend_requests_pending_unique on friend_requests (app_id, least(from_id, to_id), greatest(from_id, to_id)) where status = 'pending'`,
    );
    this.addSql('create table installation (id int not null, epoch uuid not null, primary key (id))');
    this.addSql(
      `create table messages (room_id uuid not null, seq int not null, app_id varchar(64) not null, id uuid not null, rev int not null, changed boolean not null default false, client_id varchar(128) not null, sender_id uuid not null, type varchar(16) not null default 'text', text text not null, created_at timestamptz(3) not null, edited_at timestamptz(3) null, deleted_at timestamptz(3) null, primary key (room_id, seq))`,
    );
    this.addSql('create index messages_changed_index on messages (room_id, rev) where changed');
    this.addSql(
      'alter table messages add constraint messages_room_id_sender_id_client_id_unique unique (room_id, sender_id, client_id)',
    );
    this.addSql(
      'create table chat_rooms (id uuid not null, app_id varchar(64) not null, type varchar(16) not null, name varchar(400) null, avatar_url varchar(2000) null, direct_key varchar(80) null, member_count int not null, first_seq int not null default 1, last_seq int not null default 0, last_rev int not null default 0, rev int not null default 0, last_activity_at timestamptz(3) not null, created_at timestamptz(3) not null, primary key (id)) with (fillfactor = 50)',
    );
    this.addSql(
      'create unique index chat_rooms_app_id_direct_key_unique on chat_rooms (app_id, direct_key) where direct_key is not null',
    );
    this.addSql(
      'create table chat_room_members (room_id uuid not null, user_id uuid not null, app_id varchar(64) not null, role varchar(16) not null, rev int not null, read_seq int not null default 0, delivered_seq int not null default 0, history_from int not null default 1, muted boolean not null default false, pinned boolean not null default false, hidden boolean not null default false, joined_at timestamptz(3) not null, left_at timestamptz(3) null, primary key (room_id, user_id)) with (fillfactor = 80)',
    );
    this.addSql('create index chat_room_members_user_id_index on chat_room_members (user_id) where left_at is null');
    this.addSql(
      'create table sessions (id uuid not null, app_id varchar(64) not null, user_id uuid not null, user_agent varchar(200) null, created_at timestamptz(3) not null, last_used_at timestamptz(3) not null, expires_at timestamptz(3) not null, ended_at timestamptz(3) null, primary key (id))',
    );
    this.addSql('create index sessions_user_id_index on sessions (user_id)');
    this.addSql(
      'create table refresh_tokens (hash varchar(64) not null, app_id varchar(64) not null, session_id uuid not null, generation int not null, used_at timestamptz(3) null, expires_at timestamptz(3) not null, primary key (hash))',
    );
    this.addSql('create index refresh_tokens_session_id_generation_index on refresh_tokens (session_id, generation)');
    this.addSql(
      'create table users (id uuid not null, app_id varchar(64) not null, kind varchar(16) not null, rev int not null default 0, nickname varchar(256) not null, nickname_key varchar(256) not null, email varchar(254) null, email_key varchar(254) null, email_verified boolean not null default false, password_hash varchar(100) null, about varchar(1000) null, avatar_url varchar(2000) null, created_at timestamptz(3) not null, last_seen_at timestamptz(3) null, disabled_at timestamptz(3) null, primary key (id))',
    );
    this.addSql(
      'create index users_search_index on users using gin (lower(nickname) gin_trgm_ops, email_key gin_trgm_ops)',
    );
    this.addSql(
      'create unique index users_app_id_email_key_unique on users (app_id, email_key) where email_key is not null',
    );
    this.addSql(
      `create unique index users_app_id_nickname_key_unique on users (app_id, nickname_key) where kind = 'account'`,
    );
    this.addSql(CREATE_SEND_MESSAGES);
  }
}
