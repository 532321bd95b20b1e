import { Migration } from '@mikro-orm/migrations';

export class Migration20261122184600 extends Migration {
  override up(): void {
    this.addSql('alter table chat_room_members add hidden_seq int not null default 0');
  }
}
