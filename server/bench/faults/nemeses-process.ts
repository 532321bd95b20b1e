import { pause, until, type Nemesis } from './nemesis.ts';
import type { World } from './world.ts';

/**
 * Sends something while the database's answers do not arrive, and resolves when it has stored something. Where every server waits
 * for an answer already, nothing follows, and what it waits for is what has been stored.
 */
export async function sendAndStore(world: World): Promise<void> {
  const count = async () => {
    const [row] = await world.database.query<{ count: number }>('select count(*)::int as count from messages');
    return row?.count ?? 0;
  };
  const before = await count();
  for (const tab of world.random.some(world.tabs(), 4)) {
    tab.send(world.random.pick(tab.device.person.rooms), world.newText());
  }
  await until('something is stored', async () => (await count()) > before, 2_000).catch(() => undefined);
}

async function killOne({ random, nodes }: World, awayMs: number): Promise<void> {
  const node = random.pick(nodes);
  await node.kill();
  await pause(awayMs);
  await node.start();
}

export const processNemeses: Nemesis[] = [
  {
    name: 'crash between commit and broadcast',
    run: async (world) => {
      // The database's answers wait on the way, so the servers do not know yet what they have stored.
      world.database.line.set({ stall: 'down' });
      try {
        await sendAndStore(world);
        await Promise.all(world.nodes.map((node) => node.kill()));
      } finally {
        world.database.line.set({});
      }
      for (const node of world.nodes) await node.start();
    },
  },
  { name: 'kill -9 of a server', run: (world) => killOne(world, 500) },
  {
    name: 'kill -9 of a server every 5 seconds',
    isLong: true,
    run: async (world) => {
      for (let times = 0; times < 4; times += 1) {
        const next = pause(5_000);
        await killOne(world, 200);
        await next;
      }
    },
  },
  {
    name: 'stalled event loop',
    run: async ({ random, nodes }) => {
      const node = random.pick(nodes);
      node.freeze(true);
      await pause(3_000);
      node.freeze(false);
    },
  },
  {
    name: 'rolling restart',
    run: async ({ nodes }) => {
      for (const node of nodes) {
        await node.end();
        await node.start();
      }
    },
  },
];
