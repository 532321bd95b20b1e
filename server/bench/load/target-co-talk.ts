import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { createApp } from '../../app.ts';
import { signAccessToken } from '../../auth/tokens.ts';
import { loadConfig } from '../../config.ts';
import { startEmbeddedPostgres } from '../../embedded.ts';
import { createLog } from '../../log.ts';
import { connectDatabase } from '../../orm.ts';
import { layOut, tellParent } from './target.ts';

// Co-Talk as it is started by `npm start`: embedded PostgreSQL with fsync on, everything on. Only the people are put in by hand.

const dataDir = await mkdtemp(join(tmpdir(), 'co-talk-bench-'));
const config = loadConfig({
  NODE_ENV: 'test',
  PORT: '0',
  DATA_DIR: dataDir,
  LOG_LEVEL: 'error',
  SECRET: 'only for this measurement, never elsewhere',
});
const log = createLog(config);
const postgres = await startEmbeddedPostgres({ dataDir, log });
const db = await connectDatabase(postgres.url, log, 10);
const app = await createApp(config, log, db);
const port = await app.listen(0, '127.0.0.1');

process.on('message', ({ size, clients }: { size: number; clients: number }) => {
  void seed(size, clients).then(tellParent);
});
process.once('disconnect', () => {
  void (async () => {
    await app.close();
    await db.close();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  })();
});
tellParent('ready');

async function seed(size: number, clients: number) {
  const rooms = layOut(size, clients);
  const people = rooms.flatMap(({ roomId, userIds }) =>
    userIds.map((userId) => ({ roomId, userId, sessionId: uuidv7() })),
  );
  const list = JSON.stringify(people);
  await db.sendPool.query(
    `insert into users (id, app_id, kind, nickname, nickname_key, created_at)
     select "userId", 'default', 'account', "userId", "userId", now() from jsonb_to_recordset($1) x("userId" uuid)`,
    [list],
  );
  await db.sendPool.query(
    `insert into sessions (id, app_id, user_id, created_at, last_used_at, expires_at)
     select "sessionId", 'default', "userId", now(), now(), now() + interval '1 day'
     from jsonb_to_recordset($1) x("userId" uuid, "sessionId" uuid)`,
    [list],
  );
  await db.sendPool.query(
    `insert into chat_rooms (id, app_id, type, member_count, last_activity_at, created_at)
     select distinct "roomId", 'default', 'group', $2::int, now(), now() from jsonb_to_recordset($1) x("roomId" uuid)`,
    [list, size],
  );
  await db.sendPool.query(
    `insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at)
     select "roomId", "userId", 'default', 'member', 1, now() from jsonb_to_recordset($1) x("roomId" uuid, "userId" uuid)`,
    [list],
  );
  return {
    port,
    clients: people.map(({ roomId, userId, sessionId }) => ({
      roomId,
      token: signAccessToken(config, 'default', { userId, sessionId }).token,
    })),
  };
}
