import { Redis } from 'ioredis';

/** Milliseconds that anybody waits for Redis to count: then it is counted here. */
const PATIENCE_MS = 250;
const SILENT_MS = 5_000;
const RETRY_MS = 2_000;

/** A connection for counting alone: it gives up sooner than others, since somebody waits. That Redis is away is said elsewhere. */
export function connectForLimits(url: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: PATIENCE_MS,
    connectTimeout: SILENT_MS,
    socketTimeout: SILENT_MS,
    retryStrategy: (times) => Math.min(RETRY_MS, 250 * 2 ** times) * (0.5 + Math.random() / 2),
  });
  redis.on('error', () => undefined);
  return redis;
}
