import { Migration } from '@mikro-orm/migrations';
import { CREATE_SEND_MESSAGES, CREATE_SEND_NEW } from '../messages/send-messages.sql.ts';

export class Migration20261122181000 extends Migration {
  override up(): void {
    this.addSql('alter table messages add extra jsonb null');
    this.addSql(CREATE_SEND_MESSAGES);
    this.addSql(CREATE_SEND_NEW);
  }
}
