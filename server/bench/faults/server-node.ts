import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A real server process, always on the same port. */
export interface ServerNode {
  readonly name: string;
  readonly port: number;
  /** Its process is there, though perhaps frozen. */
  isUp: () => boolean;
  start: () => Promise<void>;
  /** Ends it in order (SIGTERM); resolves when it is gone. */
  end: () => Promise<void>;
  /** Ends it at once (SIGKILL). */
  kill: () => Promise<void>;
  /** Stops its event loop (SIGSTOP), or lets it go on. */
  freeze: (on: boolean) => void;
}

export interface NodeOptions {
  name: string;
  env: Record<string, string>;
  /** It has ended although nobody ended it; with what it said last. */
  onExit: (detail: string) => void;
}

const START_MS = 60_000;
const LAST_LINES = 10;
const entry = fileURLToPath(new URL('server-entry.ts', import.meta.url));
const FLAGS = ['--conditions=co-talk-source', '--experimental-strip-types', '--no-warnings'];

export async function createServerNode({ name, env, onExit }: NodeOptions): Promise<ServerNode> {
  const port = await findPort();
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [...FLAGS, entry], {
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        ...env,
        PORT: String(port),
        DEMO_PORT: '0',
        PUBLIC_URL: `http://127.0.0.1:${port}`,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child = started;
    const said: string[] = [];
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said.push(...chunk.toString().split('\n').filter(isWorthKeeping));
        said.splice(0, said.length - LAST_LINES);
      });
    }
    started.once('exit', (code, signal) => {
      if (child !== started) return;
      child = null;
      onExit(`${name} ended by itself (${String(code ?? signal)}): ${said.join(' ⏎ ')}`);
    });
    const deadline = Date.now() + START_MS;
    while (!(await isReady(port))) {
      if (child !== started || Date.now() > deadline) throw new Error(`unable to start ${name}; ${said.join(' ⏎ ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function finish(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ending = child;
    if (!ending) return;
    child = null;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    // A frozen process hears nothing but SIGKILL.
    ending.kill('SIGCONT');
    await gone;
  }

  return {
    name,
    port,
    isUp: () => child !== null,
    start,
    end: () => finish('SIGTERM'),
    kill: () => finish('SIGKILL'),
    freeze: (on) => void child?.kill(on ? 'SIGSTOP' : 'SIGCONT'),
  };
}

/** Refused requests are many and say nothing of why it ended. */
const isWorthKeeping = (line: string): boolean => line !== '' && !line.includes('"level":"warn"');

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** A port that is free now. */
export async function findPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
