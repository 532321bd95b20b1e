import { randomUUID } from 'node:crypto';
import type { Client } from '@co-talk/sdk';
import type { Id } from '@co-talk/sdk/protocol';
import type { TestApp } from './testing.ts';

/** Where in the database a text occurs, in whatever column of whatever table: `table: row`. */
export async function findInDatabase(app: TestApp, texts: string[]): Promise<string[]> {
  const em = app.db.orm.em.fork();
  const tables = await em.execute<{ name: string }[]>(
    `select quote_ident(table_name) as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    for (const text of texts) {
      const rows = await em.execute<{ row: string }[]>(
        `select t::text as row from ${name} t where strpos(t::text, ?) > 0`,
        [text],
      );
      found.push(...rows.map(({ row }) => `${name}: ${row}`));
    }
  }
  return found;
}

/** Everything that a client holds. */
export function heldBy({ auth, users, friends, rooms, messages, presence }: Client, roomIds: Id[]): string {
  const stores = [auth.store, users.store, friends.store, rooms.store, presence.store];
  const open = roomIds.map((id) => messages.room(id).store.get());
  return JSON.stringify([...stores.map((store) => store.get()), ...open], (_key, value: unknown) =>
    value instanceof Map ? [...(value as Map<unknown, unknown>)] : value,
  );
}

/** A group, as those will be made that people make. */
export async function createGroup(app: TestApp, name: string, userIds: Id[]): Promise<Id> {
  const em = app.db.orm.em.fork();
  const id = randomUUID();
  await em.execute(
    `insert into chat_rooms (id, app_id, type, name, member_count, last_rev, rev, last_activity_at, created_at)
     values (?, 'default', 'group', ?, ?, 1, 1, now(), now())`,
    [id, name, userIds.length],
  );
  for (const userId of userIds) {
    await em.execute(
      `insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at) values (?, ?, 'default', 'member', 1, now())`,
      [id, userId],
    );
    await em.execute('update users set rev = rev + 1 where id = ?', [userId]);
  }
  const { publish } = app.context();
  for (const userId of userIds) publish.join(userId, id);
  publish.flush();
  return id;
}
