import { Migration } from '@mikro-orm/migrations';

export class Migration20261122180000 extends Migration {
  override up(): void {
    this
      .addSql(`create table reports (id uuid not null, app_id varchar(64) not null, room_id uuid not null, message_id uuid not null, seq int not null,
      author_id uuid not null, reporter_id uuid not null, reason text not null, created_at timestamptz(3) not null, resolved_at timestamptz(3) null,
      resolved_by_kind varchar(16) null, resolved_by_id varchar(64) null, resolution varchar(16) null, primary key (id))`);
    this.addSql('create index reports_room_id_message_id_index on reports (room_id, message_id)');
    this.addSql('create index reports_author_id_index on reports (author_id)');
    this.addSql('create index reports_reporter_id_index on reports (reporter_id)');
    this.addSql('create index reports_open_index on reports (app_id, id) where resolved_at is null');
    this.addSql(
      'create index reports_resolved_index on reports (app_id, resolved_at, id) where resolved_at is not null',
    );
    this.addSql(
      'create unique index reports_open_unique on reports (room_id, message_id, reporter_id) where resolved_at is null',
    );
    this.addSql('alter table erasures add reports int not null default 0');
  }
}
