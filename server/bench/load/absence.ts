import { io, type Socket } from 'socket.io-client';
import type { Ack, SyncAnswer, SyncRequest } from '@co-talk/sdk/protocol';
import { ask, start, stop } from './processes.ts';
import { percentile, table } from './report.ts';
import type { Absence } from './target.ts';

/** Catching up with `changes` messages that came in `rooms` of the 500 rooms. */
export interface AbsenceResult {
  changes: number;
  rooms: number;
  /** Questions until nothing is left. */
  trips: number;
  queries: number;
  p50: number;
  p95: number;
  /** Microseconds of the server's processor time. */
  cpu: number;
}

const ROOMS = 500;
const MESSAGES = 2_000;
const REPEATS = 100;
const WARM_UP = 20;
const CASES = [
  { changes: 0, rooms: 0 },
  { changes: 10, rooms: 1 },
  { changes: 10, rooms: 10 },
  { changes: 100, rooms: 1 },
  { changes: 100, rooms: 100 },
  { changes: 1_000, rooms: 1 },
  { changes: 1_000, rooms: 500 },
];

/** `sync` over the socket by somebody in many rooms, after short and long absences. */
export async function measureAbsence(): Promise<AbsenceResult[]> {
  const coTalk = await start('target-co-talk.ts');
  const absence = await ask(coTalk, { kind: 'absence', rooms: ROOMS, messages: MESSAGES });
  const socket = io(`http://127.0.0.1:${absence.port}`, {
    auth: { token: absence.token, protocol: 1 },
    transports: ['websocket'],
  });
  const { epoch } = await new Promise<{ epoch: string }>((resolve) => socket.once('hello', resolve));
  const { rev } = await sync(socket, { epoch, rev: 0, rooms: [] });
  const results: AbsenceResult[] = [];
  for (const { changes, rooms } of CASES) {
    const request = { epoch, rev, rooms: missing(absence, changes, rooms) };
    for (let time = 0; time < WARM_UP; time += 1) await catchUp(socket, request, changes);
    const before = await ask(coTalk, { kind: 'usage' });
    const times: number[] = [];
    let trips = 0;
    for (let time = 0; time < REPEATS; time += 1) {
      const started = performance.now();
      trips += await catchUp(socket, request, changes);
      times.push(performance.now() - started);
    }
    const after = await ask(coTalk, { kind: 'usage' });
    results.push({
      ...{ changes, rooms },
      trips: trips / REPEATS,
      queries: (after.queries - before.queries) / REPEATS,
      p50: percentile(times, 50),
      p95: percentile(times, 95),
      cpu: (after.cpu - before.cpu) / REPEATS,
    });
  }
  socket.disconnect();
  await stop(coTalk);
  return results;
}

/** Cursors of someone who has missed `changes` messages, the same number in each of `rooms` rooms. */
function missing(absence: Absence, changes: number, rooms: number): SyncRequest['rooms'] {
  return absence.rooms.map(({ id, head }, place) => ({ id, rev: place < rooms ? head - changes / rooms : head }));
}

/** @returns how often it had to ask */
async function catchUp(socket: Socket, request: SyncRequest, changes: number): Promise<number> {
  let { rooms } = request;
  let trips = 0;
  let caught = 0;
  do {
    trips += 1;
    const answer = await sync(socket, { ...request, rooms });
    rooms = answer.rooms.flatMap((room) => {
      if ('gone' in room) throw new Error('unable to measure; a room is gone');
      caught += room.changes.messages.length;
      return room.more ? [{ id: room.id, rev: room.rev }] : [];
    });
  } while (rooms.length > 0);
  if (caught !== changes) throw new Error(`unable to measure; ${caught} of ${changes} changes came`);
  return trips;
}

async function sync(socket: Socket, request: SyncRequest): Promise<SyncAnswer> {
  const answer = (await socket.emitWithAck('sync', request)) as Ack<SyncAnswer>;
  if (!answer.ok) throw new Error(answer.error.detail);
  return answer.data;
}

export function absenceTable(results: AbsenceResult[]): string {
  return table(
    ['missed messages', 'in rooms (of 500)', 'round trips', 'queries', 'p50 ms', 'p95 ms', 'server µs'],
    results.map((row) => [
      row.changes.toLocaleString('en'),
      String(row.rooms),
      ...[row.trips, row.queries].map((count) => count.toFixed(1)),
      ...[row.p50, row.p95].map((ms) => ms.toFixed(1)),
      row.cpu.toFixed(0),
    ]),
  );
}
