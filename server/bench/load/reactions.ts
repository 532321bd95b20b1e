import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import type { Ack, Message, MessageEvent } from '@co-talk/sdk/protocol';
import { ask, sleep, start, stop } from './processes.ts';
import { percentile, table } from './report.ts';
import type { Target } from './target.ts';

/** A storm in one room, over so many messages: how many reactions a second were stored, in ms how long, and what one member heard. */
export interface ReactionsResult {
  messages: number;
  rate: number;
  p50: number;
  p99: number;
  /** Events a second about the message that there were most of. */
  events: number;
  /** Changes of the room for which one event stands, on average. */
  changes: number;
}

const PEOPLE = 100;
const RATE = 1_000;
const SECONDS = 5;
const EMOJIS = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** A thousand reactions a second of a hundred people, to one message and to twenty. */
export async function measureReactions(): Promise<ReactionsResult[]> {
  const results = [];
  for (const messages of [1, 20]) {
    const coTalk = await start('target-co-talk.ts');
    const target = await ask(coTalk, { kind: 'rooms', size: PEOPLE, clients: PEOPLE });
    results.push(await storm(target, messages));
    await stop(coTalk);
  }
  return results;
}

async function storm({ port, clients }: Target, count: number): Promise<ReactionsResult> {
  const sockets = await Promise.all(clients.map(({ token }) => connect(port, token)));
  const [listener] = sockets;
  const roomId = clients[0]?.roomId ?? '';
  if (!listener) throw new Error('unable to measure; nobody is in the room');
  const messages: Message[] = [];
  for (let n = 0; n < count; n += 1) {
    messages.push(await call<Message>(listener, 'message:send', { roomId, clientId: randomUUID(), text: 'hello' }));
  }
  const heard: MessageEvent[] = [];
  listener.on('message', (event: MessageEvent) => heard.push(event));
  const times: number[] = [];
  const pending: Promise<unknown>[] = [];
  const started = performance.now();
  for (let sent = 0; sent < RATE * SECONDS;) {
    const due = Math.min(RATE * SECONDS, Math.floor(((performance.now() - started) / 1_000) * RATE));
    for (; sent < due; sent += 1) {
      const [socket, message] = [sockets[sent % PEOPLE], messages[sent % count]];
      if (!socket || !message) continue;
      const turn = Math.floor(sent / PEOPLE);
      const emoji = EMOJIS[turn % EMOJIS.length];
      const at = performance.now();
      const on = Math.floor(turn / EMOJIS.length) % 2 === 0;
      const reacting = call(socket, 'message:react', { roomId, messageId: message.id, emoji, on });
      pending.push(reacting.then(() => times.push(performance.now() - at)));
    }
    await sleep(1);
  }
  await Promise.all(pending);
  const elapsed = (performance.now() - started) / 1_000;
  await sleep(300);
  for (const socket of sockets) socket.disconnect();
  const told = heard.toSorted((a, b) => a.rev - b.rev);
  let rev = messages.at(-1)?.rev ?? 0;
  const first = rev;
  for (const event of told) {
    if ((event.from ?? event.rev) !== rev + 1) throw new Error('unable to measure; a change was told twice, or not');
    rev = event.rev;
  }
  const byMessage = Map.groupBy(told, ({ message }) => message.id);
  return {
    messages: count,
    rate: times.length / elapsed,
    p50: percentile(times, 50),
    p99: percentile(times, 99),
    events: Math.max(...[...byMessage.values()].map(({ length }) => length)) / elapsed,
    changes: (rev - first) / told.length,
  };
}

function connect(port: number, token: string): Promise<Socket> {
  const url = `http://127.0.0.1:${String(port)}`;
  const socket = io(url, {
    auth: { token, protocol: 1 },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  return new Promise((resolve, reject) => {
    socket.once('connect_error', reject);
    socket.once('hello', () => {
      resolve(socket);
    });
  });
}

async function call<T>(socket: Socket, event: string, input: object): Promise<T> {
  const answer = (await socket.emitWithAck(event, input)) as Ack<T>;
  if (!answer.ok) throw new Error(`unable to measure; a reaction was refused: ${answer.error.detail}`);
  return answer.data;
}

export function reactionsTable(results: ReactionsResult[]): string {
  const head = [
    '1,000 reactions/s in one room, to',
    'stored /s',
    'p50 ms',
    'p99 ms',
    'events /s of a message',
    'changes an event',
  ];
  const rows = results.map(({ messages, rate, p50, p99, events, changes }) => [
    messages === 1 ? 'one message' : `${String(messages)} messages`,
    ...[rate, p50, p99].map((value) => value.toFixed(0)),
    ...[events, changes].map((value) => value.toFixed(1)),
  ]);
  return table(head, rows);
}
