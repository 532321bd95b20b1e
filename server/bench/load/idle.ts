import type { ChildProcess } from 'node:child_process';
import { ask, sleep, start, stop } from './processes.ts';
import { connectAllRaw, type RawClient } from './raw-client.ts';
import { table } from './report.ts';
import type { Usage } from './target.ts';

/** Kilobytes of the server's process per connection, the database's left out. */
interface Weight {
  rss: number;
  heap: number;
}

export interface IdleResult {
  clients: number;
  relay: Weight;
  coTalk: Weight;
  ratio: Weight;
}

/** Connections that have come and gone before anything is measured: what a server compiles and opens once is not theirs. */
const WARM_UP = 1_000;
/** Milliseconds until what connecting has started is over: idle connections to the database are closed after ten seconds. */
const SETTLE_MS = 12_000;

/** Memory per authenticated client in a room of ten that listens and does nothing else. */
export async function measureIdle(levels: number[]): Promise<IdleResult[]> {
  const relay = await weigh('target-relay.ts', levels);
  const coTalk = await weigh('target-co-talk.ts', levels);
  return levels.map((clients, place) => {
    const [one, other] = [relay[place], coTalk[place]];
    if (!one || !other) throw new Error('unable to measure; a level is missing');
    return {
      clients,
      relay: one,
      coTalk: other,
      ratio: { rss: other.rss / one.rss, heap: other.heap / one.heap },
    };
  });
}

async function weigh(file: string, levels: number[]): Promise<Weight[]> {
  const child = await start(file);
  const { port, clients } = await ask(child, { kind: 'rooms', size: 10, clients: WARM_UP + Math.max(...levels) });
  const tokens = clients.map((client) => client.token);
  for (const client of await connectAllRaw(port, tokens.splice(0, WARM_UP), 20)) client.close();
  const before = await settled(child);
  const connected: RawClient[] = [];
  const weights: Weight[] = [];
  for (const level of levels) {
    connected.push(...(await connectAllRaw(port, tokens.splice(0, level - connected.length), 20)));
    const { rss, heap } = await settled(child);
    const lost = connected.filter((client) => !client.connected()).length;
    if (lost > 0) throw new Error(`unable to measure; ${lost} of ${level} connections were lost`);
    weights.push({ rss: (rss - before.rss) / level / 1024, heap: (heap - before.heap) / level / 1024 });
  }
  await stop(child);
  return weights;
}

async function settled(child: ChildProcess): Promise<Usage> {
  await sleep(SETTLE_MS);
  // The first question lets go of what the last answer held.
  await ask(child, { kind: 'usage' });
  return ask(child, { kind: 'usage' });
}

export function idleTable(results: IdleResult[]): string {
  const kb = (value: number) => value.toFixed(1);
  return table(
    ['idle connections', 'bare relay kB each', 'Co-Talk kB each', 'ratio', 'heap: bare relay', 'Co-Talk', 'ratio'],
    results.map(({ clients, relay, coTalk, ratio }) => [
      clients.toLocaleString('en'),
      ...[kb(relay.rss), kb(coTalk.rss), ratio.rss.toFixed(2)],
      ...[kb(relay.heap), kb(coTalk.heap), ratio.heap.toFixed(2)],
    ]),
  );
}
