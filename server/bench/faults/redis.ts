import { startRedis as startTestRedis, type TestRedis } from '../../testing-redis.ts';
import { startProxy, type FaultProxy } from './proxy.ts';

/** A Redis that can fail, as can the line to it. It keeps nothing over a restart. */
export interface FaultRedis extends TestRedis {
  readonly line: FaultProxy;
}

/** `url` is as the servers reach it: through the line. */
export async function startRedis(): Promise<FaultRedis> {
  const redis = await startTestRedis();
  const line = await startProxy(() => Number(new URL(redis.url).port));
  return {
    ...redis,
    url: `redis://127.0.0.1:${line.port}`,
    line,
    close: async () => {
      await redis.close();
      await line.close();
    },
  };
}
