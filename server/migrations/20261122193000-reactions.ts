import { Migration } from '@mikro-orm/migrations';

export class Migration20261122193000 extends Migration {
  override up(): void {
    this.addSql('alter table messages add reacted boolean not null default false');
    this.addSql(
      'create table message_reactions (room_id uuid not null, seq int not null, emoji varchar(16) not null, user_id uuid not null, app_id varchar(64) not null, created_at timestamptz(6) not null, primary key (room_id, seq, emoji, user_id))',
    );
    this.addSql('create index message_reactions_user_id_room_id_index on message_reactions (user_id, room_id)');
    this.addSql(`create function forget_message_reactions() returns trigger language plpgsql as $$
      begin
        delete from message_reactions where room_id = old.room_id and seq = old.seq;
        return null;
      end $$`);
    this.addSql(
      'create trigger messages_forget_reactions after update of deleted_at on messages for each row when (new.deleted_at is not null and new.reacted) execute function forget_message_reactions()',
    );
    this.addSql(
      'create trigger messages_gone_forget_reactions after delete on messages for each row when (old.reacted) execute function forget_message_reactions()',
    );
  }
}
