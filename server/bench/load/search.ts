import { Agent, get } from 'node:http';
import type { FoundMessages } from '@co-talk/sdk/protocol';
import { cpuOf } from './cpu.ts';
import { ask, start, stop } from './processes.ts';
import { percentile, table } from './report.ts';
import { LANGUAGES, numbers, SEARCH } from './seed-search.ts';
import type { Asker, Seconds } from './target.ts';

/** Milliseconds until a page of what was found is there, and of processor time for each: the server's, and its database's. */
export interface SearchResult {
  who: string;
  what: string;
  p50: number;
  p95: number;
  p99: number;
  server: number;
  database: number;
  found: number;
}

/** Searches of each kind and person. */
const SEARCHES = 100;
const WARM_UP = 10;
const PAGE = 20;

const random = numbers(11);
const [latin = [], , hangul = [], kana = [], han = []] = LANGUAGES;
const among = (words: string[], from: number, to: number): string =>
  words[from + Math.floor(random() * (Math.min(to, words.length) - from))] ?? '';

/** What people look for. */
const TERMS: Record<string, () => string> = {
  'a frequent word': () => among(latin, 10, 100),
  'a word now and then': () => among(latin, 100, 1_000),
  'a rare word': () => among(latin, 3_000, latin.length),
  'part of a word': () => among(latin, 100, 3_000).slice(1, 6).padEnd(3, 'n'),
  'two words': () => `${among(latin, 10, 100)} ${among(latin, 100, 1_000)}`,
  'Korean, 2 characters': () => two(hangul),
  'Japanese, 2 characters': () => two(kana),
  'Chinese, 2 characters': () => two(han),
  'what nobody has said': () => `qqzzyy${String(Math.floor(random() * 100))}`,
};
const two = (words: string[]): string =>
  among(words, 20, 2_000)
    .padEnd(2, words[0] ?? '')
    .slice(0, 2);

/** Searches one after the other, over HTTP, by somebody in every room, by somebody in a few, and within the largest room. */
export async function measureSearch(): Promise<{ results: SearchResult[]; seconds: Seconds }> {
  const coTalk = await start('target-co-talk.ts');
  const { port, askers, seconds } = await ask(coTalk, { kind: 'search' });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const results: SearchResult[] = [];
  for (const asker of askers) {
    const everything: number[] = [];
    const pid = coTalk.pid ?? 0;
    const start = cpuOf(pid);
    for (const [what, term] of Object.entries(TERMS)) {
      const times: number[] = [];
      let found = 0;
      const before = cpuOf(pid);
      for (let search = 0; search < WARM_UP + SEARCHES; search += 1) {
        const q = term();
        const started = performance.now();
        const { items } = await request(agent, port, asker, q);
        if (search < WARM_UP) continue;
        times.push(performance.now() - started);
        found += items.length / SEARCHES;
      }
      everything.push(...times);
      const work = used(before, cpuOf(pid), WARM_UP + SEARCHES);
      results.push({ who: asker.who, what, found, ...figures(times), ...work });
    }
    const all = used(start, cpuOf(pid), (WARM_UP + SEARCHES) * Object.keys(TERMS).length);
    results.push({ who: asker.who, what: 'all of these', found: NaN, ...figures(everything), ...all });
  }
  agent.destroy();
  await stop(coTalk);
  return { results, seconds };
}

const figures = (times: number[]) => ({
  p50: percentile(times, 50),
  p95: percentile(times, 95),
  p99: percentile(times, 99),
});

type Cpu = ReturnType<typeof cpuOf>;

const used = (before: Cpu, after: Cpu, searches: number) => ({
  server: (after.self - before.self) / searches / 1_000,
  database: (after.below - before.below) / searches / 1_000,
});

function request(agent: Agent, port: number, { token, roomId }: Asker, q: string): Promise<FoundMessages> {
  const query = new URLSearchParams({ q, limit: String(PAGE), ...(roomId === undefined ? {} : { roomId }) });
  const path = `/api/v1/search/messages?${query.toString()}`;
  return new Promise((resolve, reject) => {
    get({ agent, port, path, host: '127.0.0.1', headers: { authorization: `Bearer ${token}` } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text) as FoundMessages);
        else reject(new Error(`unable to measure; a search for ${q} was refused: ${text}`));
      });
    }).once('error', reject);
  });
}

export function searchTable({ results, seconds }: Awaited<ReturnType<typeof measureSearch>>): string {
  return table(
    [
      `${SEARCH.messages.toLocaleString('en')} messages in ${SEARCH.rooms.toLocaleString('en')} rooms`,
      ...['term', 'p50 ms', 'p95 ms', 'p99 ms', 'server ms', 'database ms', 'found'],
    ],
    results.map(({ who, what, p50, p95, p99, server, database, found }) => [
      ...[who, what, ...[p50, p95, p99, server, database].map((ms) => ms.toFixed(1))],
      Number.isNaN(found) ? '' : found.toFixed(1),
    ]),
  ).concat(
    `Filling took ${String(seconds.messages)} s for messages, ${String(seconds.terms)} s for their terms, ${String(seconds.index)} s for the index.\n\n`,
  );
}
