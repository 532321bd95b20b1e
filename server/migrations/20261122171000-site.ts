import { Migration } from '@mikro-orm/migrations';

export class Migration20261122171000 extends Migration {
  override up(): void {
    this.addSql('alter table chat_rooms add client_id varchar(128) null');
    this.addSql(
      'create unique index chat_rooms_app_id_client_id_unique on chat_rooms (app_id, client_id) where client_id is not null',
    );
    this.addSql(
      "create unique index users_app_id_bot_external_id_unique on users (app_id, external_id) where kind = 'bot'",
    );
  }
}
