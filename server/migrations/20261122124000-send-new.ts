import { Migration } from '@mikro-orm/migrations';
import { CREATE_SEND_MESSAGES, CREATE_SEND_NEW } from '../messages/send-messages.sql.ts';

export class Migration20261122124000 extends Migration {
  override up(): void {
    this.addSql('alter table chat_rooms add column blocked boolean not null default false');
    this.addSql(
      `update chat_rooms r set blocked = true from blocks b
       where r.app_id = b.app_id and r.direct_key = least(b.user_id, b.blocked_id)::text || ':' || greatest(b.user_id, b.blocked_id)::text`,
    );
    this.addSql(CREATE_SEND_MESSAGES);
    this.addSql(CREATE_SEND_NEW);
  }
}
