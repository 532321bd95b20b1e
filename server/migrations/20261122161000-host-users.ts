import { Migration } from '@mikro-orm/migrations';

export class Migration20261122161000 extends Migration {
  override up(): void {
    this.addSql('alter table users add external_id varchar(200) null');
    this.addSql(
      `create unique index users_app_id_external_id_unique on users (app_id, external_id) where kind = 'host'`,
    );
    // The site says what its users' addresses are: they take none away from an account.
    this.addSql('drop index users_app_id_email_key_unique');
    this.addSql(
      `create unique index users_app_id_email_key_unique on users (app_id, email_key) where kind = 'account'`,
    );
  }
}
