import { Migration } from '@mikro-orm/migrations';

export class Migration20261122182500 extends Migration {
  override up(): void {
    this.addSql(
      `create table files (id uuid not null, app_id varchar(64) not null, user_id uuid not null, client_id varchar(128) not null,
        state varchar(16) not null, kind varchar(16) not null, name varchar(255) not null, mime varchar(100) not null, size int not null,
        stored int not null, width int null, height int null, duration_ms int null, blurhash varchar(100) null, waveform jsonb null,
        variants jsonb not null, expires_at timestamptz(3) null, created_at timestamptz(3) not null, primary key (id))`,
    );
    this.addSql('alter table files add constraint files_user_id_client_id_unique unique (user_id, client_id)');
    this.addSql('create index files_app_id_user_id_index on files (app_id, user_id)');
    this.addSql('create index files_expires_index on files (expires_at) where expires_at is not null');
    this.addSql(
      `create table attachments (file_id uuid not null, room_id uuid not null, sender_id uuid not null, client_id varchar(128) not null,
        app_id varchar(64) not null, primary key (file_id, room_id, sender_id, client_id))`,
    );
    // Whichever way a message loses its content, its files are looked at again.
    this.addSql(
      `create function release_files() returns trigger language plpgsql as $$
       begin
         update files set expires_at = now()
         where id in (select a.id::uuid from jsonb_array_elements_text(old.extra->'attachments') a(id)) and app_id = old.app_id;
         return null;
       end $$`,
    );
    this.addSql(
      `create trigger messages_release_files after update of deleted_at on messages for each row
       when (old.deleted_at is null and new.deleted_at is not null and old.extra->'attachments' is not null)
       execute function release_files()`,
    );
    this.addSql(
      `create trigger messages_drop_files after delete on messages for each row
       when (old.extra->'attachments' is not null) execute function release_files()`,
    );
  }
}
