import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findRedis, REDIS_MISSING } from '../scripts/redis.mjs';

/** A Redis of a test, on a loopback port of its own, that keeps nothing on disk. */
export interface TestRedis {
  url: string;
  /** Stops answering, but keeps its connections: as a machine does that is out of memory, or behind a broken network. */
  freeze: () => void;
  thaw: () => void;
  /** Ends at once, and everything in it is lost. */
  kill: () => Promise<void>;
  /** Starts it again on the same port. */
  start: () => Promise<void>;
  /** Forgets all keys; connections and channels stay. */
  flush: () => Promise<void>;
  close: () => Promise<void>;
}

/** Ends what a test run that ends early would leave behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @throws an Error with one sentence where there is no redis-server */
export async function startRedis(): Promise<TestRedis> {
  const program = findRedis();
  if (program === null) throw new Error(REDIS_MISSING);
  const dir = mkdtempSync(join(tmpdir(), 'co-talk-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no'];
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    // One that has been replaced would never be ended.
    if (child) throw new Error('unable to start Redis; it runs already');
    const started = spawn(program ?? '', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    child = started;
    running.add(started);
    started.once('exit', () => running.delete(started));
    let said = '';
    for await (const chunk of started.stdout.iterator({ destroyOnReturn: false })) {
      said += String(chunk);
      if (said.includes('Ready to accept connections')) break;
    }
    started.stdout.resume();
    if (!said.includes('Ready to accept connections')) throw new Error(`redis-server did not start:\n${said}`);
  }

  async function kill(): Promise<void> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    kill,
    start,
    flush: async () => {
      const redis = new Redis(port, '127.0.0.1');
      await redis.flushall();
      redis.disconnect();
    },
    close: async () => {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
