import { Agent, get } from 'node:http';
import type { MessagePage } from '@co-talk/sdk/protocol';
import { ask, start, stop } from './processes.ts';
import { percentile, table } from './report.ts';

/** Milliseconds until a page is there, and microseconds of the server's processor time for each. */
export interface HistoryResult {
  messages: number;
  p50: number;
  p95: number;
  p99: number;
  cpu: number;
  queries: number;
}

const MESSAGES = 100_000;
const PAGES = 2_000;
/** Pages before anything is measured. */
const WARM_UP = 300;

/** Pages of fifty at random positions of a long room, over HTTP, one after the other. */
export async function measureHistory(): Promise<HistoryResult> {
  const coTalk = await start('target-co-talk.ts');
  const { port, clients } = await ask(coTalk, { kind: 'history', messages: MESSAGES });
  const [client] = clients;
  if (!client) throw new Error('unable to measure; nobody is in the room');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const read = async (): Promise<number> => {
    const around = 1 + Math.floor(Math.random() * MESSAGES);
    const started = performance.now();
    const page = await request(agent, port, `/api/v1/rooms/${client.roomId}/messages?around=${around}`, client.token);
    const elapsed = performance.now() - started;
    if (page.items.length !== 50) throw new Error(`unable to measure; a page has ${page.items.length} messages`);
    return elapsed;
  };
  for (let page = 0; page < WARM_UP; page += 1) await read();
  const before = await ask(coTalk, { kind: 'usage' });
  const times: number[] = [];
  for (let page = 0; page < PAGES; page += 1) times.push(await read());
  const after = await ask(coTalk, { kind: 'usage' });
  agent.destroy();
  await stop(coTalk);
  return {
    messages: MESSAGES,
    p50: percentile(times, 50),
    p95: percentile(times, 95),
    p99: percentile(times, 99),
    cpu: (after.cpu - before.cpu) / PAGES,
    queries: (after.queries - before.queries) / PAGES,
  };
}

function request(agent: Agent, port: number, path: string, token: string): Promise<MessagePage> {
  return new Promise((resolve, reject) => {
    get({ agent, port, path, host: '127.0.0.1', headers: { authorization: `Bearer ${token}` } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text) as MessagePage);
        else reject(new Error(`unable to measure; a page was refused: ${text}`));
      });
    }).once('error', reject);
  });
}

export function historyTable(result: HistoryResult): string {
  return table(
    [
      `page of 50 of ${result.messages.toLocaleString('en')} messages`,
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'server µs',
      'queries',
    ],
    [
      [
        'at random positions',
        ...[result.p50, result.p95, result.p99].map((ms) => ms.toFixed(2)),
        result.cpu.toFixed(0),
        result.queries.toFixed(1),
      ],
    ],
  );
}
