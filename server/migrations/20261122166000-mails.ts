import { Migration } from '@mikro-orm/migrations';

export class Migration20261122166000 extends Migration {
  override up(): void {
    this.addSql(
      'create table mails (id uuid not null, app_id varchar(64) not null, kind varchar(16) not null, user_id uuid null, address varchar(254) null, language varchar(8) not null, attempts int not null default 0, due_at timestamptz(3) not null, created_at timestamptz(3) not null, primary key (id))',
    );
    this.addSql('create index mails_due_at_index on mails (due_at)');
    this.addSql(
      'create table mail_tokens (hash varchar(64) not null, app_id varchar(64) not null, user_id uuid not null, kind varchar(16) not null, mail_id uuid not null, address varchar(254) not null, created_at timestamptz(3) not null, expires_at timestamptz(3) not null, primary key (hash))',
    );
    this.addSql('create index mail_tokens_user_id_kind_index on mail_tokens (user_id, kind)');
    this.addSql('create index mail_tokens_expires_at_index on mail_tokens (expires_at)');
  }
}
