import type { ChildProcess } from 'node:child_process';
import { ask, sleep, start, stop } from './processes.ts';
import { connectAllRaw } from './raw-client.ts';
import { median, table } from './report.ts';

/** Connections a second, and microseconds of the server's processor time for each. */
interface Run {
  rate: number;
  cpu: number;
}

export interface ConnectResult {
  relay: Run;
  coTalk: Run & { queries: number };
  ratio: Run;
}

const CLIENTS = 1_000;
/** Under way at a time: as after a restart, when everybody comes back. */
const AT_ONCE = 100;
/** Milliseconds until those who have gone are forgotten. */
const SETTLE_MS = 6_000;

/** How fast authenticated clients are welcomed, from the first byte of the handshake to `hello`. */
export async function measureConnecting(rounds: number): Promise<ConnectResult> {
  const relay = await start('target-relay.ts');
  const coTalk = await start('target-co-talk.ts');
  const runs: { relay: Run; coTalk: Run & { queries: number } }[] = [];
  // The first round is a warm-up.
  for (let round = 0; round <= rounds; round += 1)
    runs.push({ relay: await connect(relay), coTalk: await connect(coTalk) });
  runs.shift();
  await Promise.all([stop(relay), stop(coTalk)]);
  const of = (value: (run: (typeof runs)[number]) => number) => median(runs.map(value));
  return {
    relay: { rate: of((run) => run.relay.rate), cpu: of((run) => run.relay.cpu) },
    coTalk: {
      rate: of((run) => run.coTalk.rate),
      cpu: of((run) => run.coTalk.cpu),
      queries: of((run) => run.coTalk.queries),
    },
    ratio: { rate: of((run) => run.coTalk.rate / run.relay.rate), cpu: of((run) => run.coTalk.cpu / run.relay.cpu) },
  };
}

async function connect(child: ChildProcess): Promise<Run & { queries: number }> {
  const { port, clients } = await ask(child, { kind: 'rooms', size: 10, clients: CLIENTS });
  const tokens = clients.map((client) => client.token);
  const before = await ask(child, { kind: 'usage' });
  const started = performance.now();
  const connected = await connectAllRaw(port, tokens, AT_ONCE);
  const elapsed = (performance.now() - started) / 1_000;
  const after = await ask(child, { kind: 'usage' });
  for (const client of connected) client.close();
  await sleep(SETTLE_MS);
  return {
    rate: CLIENTS / elapsed,
    cpu: (after.cpu - before.cpu) / CLIENTS,
    queries: (after.queries - before.queries) / CLIENTS,
  };
}

export function connectTable({ relay, coTalk, ratio }: ConnectResult): string {
  return table(
    ['authenticated connects', 'bare relay', 'Co-Talk', 'ratio (median)'],
    [
      [
        'a second',
        Math.round(relay.rate).toLocaleString('en'),
        Math.round(coTalk.rate).toLocaleString('en'),
        ratio.rate.toFixed(2),
      ],
      ['server processor time each, µs', relay.cpu.toFixed(0), coTalk.cpu.toFixed(0), ratio.cpu.toFixed(2)],
      ['queries each', '0', coTalk.queries.toFixed(1), ''],
    ],
  );
}
