import { pause, type Nemesis } from './nemesis.ts';
import type { FaultRedis } from './redis.ts';

/** What one node tells the other is lost meanwhile: the heads that are told every 25 s bring the last of it. */
const HEADS_MS = 30_000;

function redis(name: string, run: (redis: FaultRedis) => Promise<void>, more: Partial<Nemesis> = {}): Nemesis {
  return {
    name,
    needs: 'two nodes',
    limitMs: HEADS_MS,
    ...more,
    run: async (world) => {
      if (world.redis) await run(world.redis);
    },
  };
}

export const redisNemeses: Nemesis[] = [
  redis('Redis stopped and started', async (one) => {
    await one.kill();
    await pause(2_000);
    await one.start();
  }),
  redis('Redis flushed', (one) => one.flush()),
  redis('Redis frozen', async (one) => {
    one.freeze();
    await pause(4_000);
    one.thaw();
  }),
  redis('Redis line cut', async (one) => {
    one.line.cut('reset');
    await pause(300);
  }),
  redis('Redis line silent', async (one) => {
    one.line.halfOpen();
    await pause(3_000);
    one.line.cut();
  }),
];
