import { randomUUID } from 'node:crypto';
import type { Socket as TcpSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message, SyncAnswer } from '@co-talk/sdk/protocol';
import { call, eventually, startTestApp, type TestApp } from '../testing.ts';
import { dial, text } from '../testing-line.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** A client that answers the handshake and then reads no more. */
async function deaf(token: string): Promise<TcpSocket> {
  const { tcp } = await dial(app.url, token);
  tcp.pause();
  return tcp;
}

test('a client that does not read is cut off, the others go on, and it catches up when it is back', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const sender = await app.connect(one.token);
  const beside = await app.connect(other.token);
  let heard = 0;
  beside.on('message', () => (heard += 1));
  const line = await deaf(other.token);
  line.on('error', () => undefined);
  const body = '가'.repeat(1_000);
  let sent = 0;
  const before = process.memoryUsage().rss;
  while (!line.destroyed && sent < 20_000) {
    const batch = Array.from({ length: 25 }, () =>
      call<Message>(sender, 'message:send', { roomId, clientId: randomUUID(), text: body }),
    );
    for (const answer of await Promise.all(batch)) expect(answer).toMatchObject({ ok: true });
    sent += batch.length;
    // Its pings are answered all the time.
    line.write(text('3'));
  }
  // Three kilobytes each: the kernel's buffers, and 500 packets.
  expect(sent).toBeLessThan(10_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  await eventually(() => heard === sent);
  expect(beside.connected).toBe(true);

  const back = await app.connect(other.token);
  const answer = await call<SyncAnswer>(back, 'sync', { epoch: null, rev: 0, rooms: [{ id: roomId, rev: 0 }] });
  expect(answer).toMatchObject({ ok: true, data: { rooms: [{ id: roomId, head: sent + 1 }] } });
});

test('a client that asks for much and does not read is cut off before that weighs anything', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const sender = await app.connect(one.token);
  const body = '가'.repeat(1_000);
  await Promise.all(
    Array.from({ length: 300 }, () =>
      call<Message>(sender, 'message:send', { roomId, clientId: randomUUID(), text: body }),
    ),
  );
  const now = await call<SyncAnswer>(sender, 'sync', { epoch: null, rev: 0, rooms: [] });
  const epoch = now.ok ? now.data.epoch : '';
  const line = await deaf(other.token);
  line.on('error', () => undefined);
  let asked = 0;
  for (; !line.destroyed && asked < 300; asked += 1) {
    line.write(
      text(`42${String(asked)}${JSON.stringify(['sync', { epoch, rev: 0, rooms: [{ id: roomId, rev: 1 }] }])}`),
    );
    await sleep(10);
  }
  // A megabyte each.
  expect(asked).toBeLessThan(100);
});
