import { Migration } from '@mikro-orm/migrations';

export class Migration20261122121000 extends Migration {
  override up(): void {
    this.addSql(
      'create table revocations (id uuid not null, app_id varchar(64) not null, user_id uuid not null, session_id uuid null, room_id uuid null, reason varchar(16) not null, created_at timestamptz(3) not null, primary key (id))',
    );
    this.addSql('create index revocations_created_at_index on revocations (created_at)');
  }
}
