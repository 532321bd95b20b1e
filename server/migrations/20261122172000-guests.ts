import { Migration } from '@mikro-orm/migrations';

export class Migration20261122172000 extends Migration {
  override up(): void {
    this.addSql(`create index users_guests_index on users (created_at) where kind = 'guest'`);
  }
}
