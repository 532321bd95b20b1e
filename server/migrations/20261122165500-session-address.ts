import { Migration } from '@mikro-orm/migrations';

export class Migration20261122165500 extends Migration {
  override up(): void {
    this.addSql('alter table sessions add address_hash varchar(43) null');
  }
}
