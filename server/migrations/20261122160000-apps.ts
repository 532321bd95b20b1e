import { Migration } from '@mikro-orm/migrations';

export class Migration20261122160000 extends Migration {
  override up(): void {
    this.addSql(
      `alter table apps add accounts boolean not null default true, add guests boolean not null default false,
        add host_users boolean not null default false, add jwks_url varchar(2000) null,
        add settings jsonb not null default '{}', add removed_at timestamptz(3) null`,
    );
    this.addSql(
      'create table app_keys (id varchar(32) not null, app_id varchar(64) not null, kind varchar(16) not null, name varchar(100) not null, hash varchar(64) null, sealed text null, public_key text null, created_at timestamptz(3) not null, last_used_at timestamptz(3) null, expires_at timestamptz(3) null, revoked_at timestamptz(3) null, primary key (id))',
    );
    this.addSql('create unique index app_keys_hash_unique on app_keys (hash) where hash is not null');
    this.addSql('create index app_keys_app_id_index on app_keys (app_id)');
    this.addSql('alter table sessions add key_id varchar(32) null');
    this.addSql('create index sessions_key_id_index on sessions (key_id) where key_id is not null');
    // Without a user it is about everybody in the app.
    this.addSql('alter table revocations alter column user_id drop not null');
    this.addSql(
      'create table operator_sessions (hash varchar(64) not null, key_hash varchar(64) not null, created_at timestamptz(3) not null, expires_at timestamptz(3) not null, primary key (hash))',
    );
    this.addSql(
      'create table audit_log (id uuid not null, app_id varchar(64) null, by_kind varchar(16) not null, by_id varchar(64) not null, action varchar(64) not null, target_kind varchar(32) null, target_id varchar(200) null, details jsonb not null, created_at timestamptz(3) not null, primary key (id))',
    );
    this.addSql('create index audit_log_app_id_id_index on audit_log (app_id, id)');
    this.addSql(`create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' and current_setting('co_talk.audit_retention', true) = 'on' then return old; end if;
        raise exception 'the audit log takes no changes';
      end $$`);
    this.addSql(
      'create trigger audit_log_append_only before update or delete on audit_log for each row execute function refuse_audit_change()',
    );
  }
}
