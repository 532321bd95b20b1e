import { Migration } from '@mikro-orm/migrations';
import { CREATE_SEND_MESSAGES, CREATE_SEND_NEW } from '../messages/send-messages.sql.ts';

export class Migration20261122170000 extends Migration {
  override up(): void {
    this.addSql(
      'create table webhooks (id uuid not null, app_id varchar(64) not null, url varchar(2000) not null, events text[] not null, description varchar(200) not null, enabled boolean not null, disabled_reason varchar(16) null, disabled_at timestamptz(3) null, failing_since timestamptz(3) null, sealed text not null, previous_sealed text null, previous_until timestamptz(3) null, created_at timestamptz(3) not null, primary key (id))',
    );
    this.addSql('create index webhooks_app_id_index on webhooks (app_id)');
    this.addSql(
      `create index webhooks_messages_index on webhooks (app_id) where enabled and events && '{message.created,message.*,*}'::text[]`,
    );
    this.addSql(
      `create table webhook_deliveries (webhook_id uuid not null, id uuid not null, app_id varchar(64) not null, type varchar(32) not null, data jsonb not null, status varchar(16) not null default 'pending', tries int not null default 0, next_at timestamptz(3) not null, log jsonb not null default '[]', created_at timestamptz(3) not null, primary key (webhook_id, id))`,
    );
    this.addSql(
      `create index webhook_deliveries_due_index on webhook_deliveries (webhook_id, next_at) where status = 'pending'`,
    );
    this.addSql(CREATE_SEND_MESSAGES);
    this.addSql(CREATE_SEND_NEW);
  }
}
