import type { ChildProcess } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect, stamped, type Counters } from './generator.ts';
import { cpuOf } from './cpu.ts';
import { measureOthers, PARTS } from './others.ts';
import { ask, sleep, start, stop } from './processes.ts';
import { median, percentile, table } from './report.ts';
import type { Target } from './target.ts';

/** `senders`: how many of the clients send, each one message at a time. */
const SHAPES = [
  { size: 2, clients: 200, senders: 200 },
  { size: 10, clients: 200, senders: 100 },
  { size: 100, clients: 200, senders: 20 },
  { size: 1000, clients: 1000, senders: 10 },
];
const OPEN_LOOP_RATE = 1_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    sizes: { type: 'string', default: '2,10,100,1000' },
    only: { type: 'string', default: PARTS.join(',') },
    json: { type: 'boolean', default: false },
  },
});
const parts = values.only.split(',');
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const sizes = values.sizes.split(',').map(Number);
if (!(seconds >= 1 && seconds <= 60 && rounds >= 1 && rounds <= 20)) {
  throw new Error('unable to measure; --seconds takes 1 to 60 and --rounds 1 to 20');
}
if (!parts.every((part) => PARTS.includes(part))) {
  throw new Error(`unable to measure; --only takes some of ${PARTS.join(',')}`);
}

interface Run {
  acked: number;
  delivered: number;
  /** Microseconds of processor time per acknowledged message: of the server's process, and of the database's. */
  cpuServer: number;
  cpuDatabase: number;
}

async function connectAll(target: Target, counters: Counters, measure: () => boolean) {
  const clients = [];
  for (let from = 0; from < target.clients.length; from += 50) {
    clients.push(
      ...(await Promise.all(
        target.clients.slice(from, from + 50).map((client) => connect(target.port, client, counters, measure)),
      )),
    );
  }
  return clients;
}

/** Every sender sends its next message when the last one is acknowledged. Per second. */
async function closedLoop(child: ChildProcess, shape: (typeof SHAPES)[number]): Promise<Run> {
  const target = await ask(child, { kind: 'rooms', size: shape.size, clients: shape.clients });
  const counters: Counters = { delivered: 0, latencies: [] };
  const clients = await connectAll(target, counters, () => false);
  const step = clients.length / shape.senders;
  let acked = 0;
  let counting = false;
  let running = true;
  const senders = clients
    .filter((_, index) => index % step === 0)
    .map(async (client) => {
      while (running) {
        await client.send('x'.repeat(100));
        if (counting) acked += 1;
      }
    });
  await sleep(1_000);
  counting = true;
  const before = counters.delivered;
  const cpu = cpuOf(child.pid ?? 0);
  const started = performance.now();
  await sleep(seconds * 1_000);
  const elapsed = (performance.now() - started) / 1_000;
  const used = cpuOf(child.pid ?? 0);
  const run = {
    acked: acked / elapsed,
    delivered: (counters.delivered - before) / elapsed,
    cpuServer: (used.self - cpu.self) / acked,
    cpuDatabase: (used.below - cpu.below) / acked,
  };
  running = false;
  await Promise.all(senders);
  for (const client of clients) client.close();
  return run;
}

/** Messages at a fixed rate in rooms of 2. Milliseconds. */
async function openLoop(
  child: ChildProcess,
): Promise<Record<'deliveryP50' | 'deliveryP99' | 'ackP50' | 'ackP99', number>> {
  const target = await ask(child, { kind: 'rooms', size: 2, clients: 200 });
  let measuring = false;
  const counters: Counters = { delivered: 0, latencies: [] };
  const clients = await connectAll(target, counters, () => measuring);
  const acks: number[] = [];
  const pending: Promise<unknown>[] = [];
  const started = performance.now();
  let sent = 0;
  const total = OPEN_LOOP_RATE * (seconds + 1);
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * OPEN_LOOP_RATE));
    measuring = sent > OPEN_LOOP_RATE;
    for (; sent < due; sent += 1) {
      const keep = measuring;
      const client = clients[sent % clients.length];
      if (client) pending.push(client.send(stamped()).then((ms) => keep && acks.push(ms)));
    }
    await sleep(1);
  }
  await Promise.all(pending);
  await sleep(200);
  for (const client of clients) client.close();
  return {
    deliveryP50: percentile(counters.latencies, 50),
    deliveryP99: percentile(counters.latencies, 99),
    ackP50: percentile(acks, 50),
    ackP99: percentile(acks, 99),
  };
}

/** Median milliseconds of writing and syncing 8 KB: what a commit waits for at the least. */
function measureFsync(): number {
  const folder = mkdtempSync(join(tmpdir(), 'co-talk-fsync-'));
  const file = openSync(join(folder, 'file'), 'w');
  const block = Buffer.alloc(8_192, 1);
  const times = Array.from({ length: 200 }, () => {
    const started = performance.now();
    writeSync(file, block, 0, block.length, 0);
    fdatasyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return median(times);
}

/** Messages: how many a second, and how long they take. */
async function measureMessages(): Promise<{ data: Record<string, unknown>; text: string }> {
  const relay = await start('target-relay.ts');
  const coTalk = await start('target-co-talk.ts');
  const results = [];
  for (const shape of SHAPES.filter(({ size }) => sizes.includes(size))) {
    const runs: { relay: Run; coTalk: Run }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      runs.push({ relay: await closedLoop(relay, shape), coTalk: await closedLoop(coTalk, shape) });
    }
    // In small rooms the messages are what counts, in large ones the deliveries.
    const unit: keyof Run = shape.size < 100 ? 'acked' : 'delivered';
    results.push({
      size: shape.size,
      unit,
      relay: median(runs.map((run) => run.relay[unit])),
      coTalk: median(runs.map((run) => run.coTalk[unit])),
      ratio: median(runs.map((run) => run.coTalk[unit] / run.relay[unit])),
      cpu: {
        relay: median(runs.map((run) => run.relay.cpuServer)),
        coTalk: median(runs.map((run) => run.coTalk.cpuServer)),
        database: median(runs.map((run) => run.coTalk.cpuDatabase)),
      },
    });
  }
  const latency = { relay: await openLoop(relay), coTalk: await openLoop(coTalk), fsync: measureFsync() };
  await stop(relay);
  await stop(coTalk);

  const whole = (value: number) => Math.round(value).toLocaleString('en');
  const ms = (value: number) => value.toFixed(2);
  const rates = table(
    ['room size', 'counted', 'bare relay /s', 'Co-Talk /s', 'ratio (median)'],
    results.map((row) => [
      String(row.size),
      row.unit === 'acked' ? 'messages' : 'deliveries',
      whole(row.relay),
      whole(row.coTalk),
      row.ratio.toFixed(2),
    ]),
  );
  const latencies = table(
    [`at ${whole(OPEN_LOOP_RATE)} messages/s, ms`, 'delivery p50', 'delivery p99', 'ack p50', 'ack p99'],
    (['relay', 'coTalk'] as const).map((name) => [
      name === 'relay' ? 'bare relay' : 'Co-Talk',
      ...(['deliveryP50', 'deliveryP99', 'ackP50', 'ackP99'] as const).map((key) => ms(latency[name][key])),
    ]),
  );
  return {
    data: { results, latency },
    text: `${rates}${latencies}one fsync here: ${ms(latency.fsync)} ms (median of 200)\n\n`,
  };
}

const messages = parts.includes('messages') ? await measureMessages() : { data: {}, text: '' };
const others = await measureOthers(parts, rounds);
const data = { seconds, rounds, ...messages.data, ...others.data };
process.stdout.write(values.json ? `${JSON.stringify(data, null, 2)}\n` : messages.text + others.text);
