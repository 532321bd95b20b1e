import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createApp } from '../../app.ts';
import { signAccessToken } from '../../auth/tokens.ts';
import { loadConfig } from '../../config.ts';
import { startEmbeddedPostgres } from '../../embedded.ts';
import { createLog } from '../../log.ts';
import { connectDatabase } from '../../orm.ts';
import { seedAbsence, seedMessages, seedRooms, type Seat } from './seed.ts';
import { seedSearch } from './seed-search.ts';
import { tellParent, usage, type Answers, type Question } from './target.ts';

// Co-Talk as it is started by `npm start`: embedded PostgreSQL with fsync on, everything on. Only the people are put in by hand.

const dataDir = await mkdtemp(join(tmpdir(), 'co-talk-bench-'));
const config = loadConfig({
  NODE_ENV: 'test',
  PORT: '0',
  DATA_DIR: dataDir,
  LOG_LEVEL: 'error',
  // Everything is counted, and nobody is refused.
  RATE_LIMIT_FACTOR: '1000',
  SECRET: 'only for this measurement, never elsewhere',
});
const log = createLog(config);
const postgres = await startEmbeddedPostgres({ dataDir, log });
const db = await connectDatabase(postgres.url, log, 10);
let queries = 0;
for (const pool of [db.sendPool, await db.orm.em.getConnection().getNativeClient()]) {
  pool.on('acquire', () => (queries += 1));
}
// What a seed has put in is indexed by the seed.
const app = await createApp(config, log, db, { searchEveryMs: 3_600_000 });
const port = await app.listen(0, '127.0.0.1');

process.on('message', (question: Question) => void answer(question).then(tellParent));
process.once('disconnect', () => {
  void (async () => {
    await app.close();
    await db.close();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  })();
});
tellParent('ready');

async function answer(question: Question): Promise<Answers[Question['kind']]> {
  switch (question.kind) {
    case 'usage':
      return usage(queries);
    case 'rooms':
      return target(await seedRooms(db.sendPool, question.size, question.clients));
    case 'history': {
      const seats = await seedRooms(db.sendPool, 10, 10);
      const { roomId = '', userId = '' } = seats[0] ?? {};
      await seedMessages(db.sendPool, [{ roomId, userId, count: question.messages }]);
      return target(seats);
    }
    case 'absence': {
      const { seat, rooms } = await seedAbsence(db.sendPool, question.rooms, question.messages);
      return { port, token: tokenOf(seat), rooms };
    }
    case 'search': {
      const client = new Client({ connectionString: postgres.url });
      await client.connect();
      const { all, few, largeRoom, seconds } = await seedSearch(client, db.read);
      await client.end();
      const askers = [
        { who: 'in all rooms', token: tokenOf(all) },
        { who: 'in 50 rooms', token: tokenOf(few) },
        { who: 'within the largest room', token: tokenOf(all), roomId: largeRoom },
      ];
      return { port, askers, seconds };
    }
  }
}

const target = (seats: Seat[]) => ({
  port,
  clients: seats.map((seat) => ({ roomId: seat.roomId, token: tokenOf(seat) })),
});

const tokenOf = ({ userId, sessionId }: Pick<Seat, 'userId' | 'sessionId'>): string =>
  signAccessToken(config, 'default', { userId, sessionId }).token;
