import { sendAndStore } from './nemeses-process.ts';
import { pause, type Nemesis } from './nemesis.ts';
import type { World } from './world.ts';

/** Keeps what `sql` locks for a while, as a stopped process would. */
async function hold({ database }: World, sql: string, ms: number): Promise<void> {
  const session = await database.connect();
  try {
    await session.query('begin');
    await session.query(sql);
    await pause(ms);
    await session.query('rollback');
  } finally {
    await session.end();
  }
}

const BIGGEST = 'select id from chat_rooms order by member_count desc, id limit 1 for update';

export const databaseNemeses: Nemesis[] = [
  { name: 'a room locked by a stopped process', run: (world) => hold(world, BIGGEST, 2_500) },
  {
    name: 'a room locked for longer than anybody waits',
    isLong: true,
    run: (world) => hold(world, BIGGEST, 8_000),
    limitMs: 10_000,
  },
  {
    name: 'connections to the database exhausted',
    run: (world) => hold(world, 'lock table sessions, chat_room_members in access exclusive mode', 3_000),
  },
  {
    name: 'slow database',
    run: async ({ database, random }) => {
      database.line.set({ latencyMs: random.whole(50, 200) });
      await pause(3_000);
      database.line.set({});
    },
  },
  {
    name: 'database connections cut',
    run: async ({ database }) => {
      database.line.cut('reset');
      await pause(300);
    },
  },
  {
    // Nobody says goodbye when a machine is gone or a firewall forgets; new connections work.
    name: 'half-open connections to the database',
    isLong: true,
    run: async ({ database }) => {
      database.line.halfOpen();
      await pause(1_000);
    },
    limitMs: 45_000,
  },
  {
    name: 'database not reached',
    run: async ({ database }) => {
      database.line.set({ refuse: true });
      database.line.cut('reset');
      await pause(3_000);
      database.line.set({});
    },
  },
  {
    name: 'the answer to a COMMIT lost',
    run: async (world) => {
      const { line } = world.database;
      line.set({ drop: 'down' });
      try {
        await sendAndStore(world);
      } finally {
        line.set({});
        line.cut('reset');
      }
    },
  },
  {
    name: 'backends killed while they store',
    run: async ({ database, random }) => {
      for (let times = 0; times < 60; times += 1) {
        await database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and query like '%send_messages%' and pid <> pg_backend_pid() and (state = 'active' or $1)`,
          [random.chance(0.05)],
        );
        await pause(20);
      }
    },
  },
  {
    name: 'PostgreSQL stopped and started',
    needs: 'a database of its own',
    run: async ({ database }) => {
      await database.stop();
      await pause(1_000);
      await database.start();
    },
  },
  {
    name: 'PostgreSQL killed and started',
    needs: 'a database of its own',
    run: async ({ database }) => {
      await database.kill();
      await pause(500);
      await database.start();
    },
  },
];
