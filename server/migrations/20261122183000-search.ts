import { Migration } from '@mikro-orm/migrations';

export class Migration20261122183000 extends Migration {
  override up(): void {
    this.addSql(
      'create table message_terms (room_id uuid not null, seq int not null, app_id varchar(64) not null, created_at timestamptz(3) not null, terms int[] not null, primary key (room_id, seq))',
    );
    // A list of what is still to be sorted in would be read by every search.
    this.addSql('create index message_terms_terms_index on message_terms using gin (terms) with (fastupdate = off)');
    // Filled by the indexer: what is there already is found as soon as it has come by.
    this.addSql(
      'create table search_positions (room_id uuid not null, app_id varchar(64) not null, seq int not null, rev int not null, primary key (room_id)) with (fillfactor = 80)',
    );
    this.addSql(`create function forget_message_terms() returns trigger language plpgsql as $$
      begin
        delete from message_terms where room_id = old.room_id and seq = old.seq;
        return null;
      end $$`);
    this.addSql(
      'create trigger messages_forget_terms after update of text, deleted_at on messages for each row when (new.text <> old.text or new.deleted_at is not null) execute function forget_message_terms()',
    );
    this.addSql(
      'create trigger messages_gone_forget_terms after delete on messages for each row execute function forget_message_terms()',
    );
  }
}
