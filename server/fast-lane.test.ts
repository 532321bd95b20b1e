import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ack, Message, MessagePage } from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type TestApp } from './testing.ts';
import { dial, enter, text } from './testing-line.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const sending = (roomId: string, body: string): string =>
  JSON.stringify(['message:send', { roomId, clientId: randomUUID(), text: body }]);

test('events that arrive together keep their order, in whichever form they are', async () => {
  const { one, roomId } = await app.pairRaw();
  const { tcp } = await dial(app.url, one.token);
  const heads = ['421', '42/,2', '423', '42/,4', '425'];
  tcp.write(Buffer.concat(heads.map((head) => text(head + sending(roomId, head)))));
  const page = await eventually(async () => {
    const { body } = await app.request<MessagePage>('GET', `/rooms/${roomId}/messages`, { token: one.token });
    return body.items.length === heads.length ? body : undefined;
  });
  tcp.destroy();
  expect(page.items.map((message) => message.text)).toEqual(heads);
});

test('a connection carries one socket after the other, and each is heard once', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  const { one, roomId } = await app.pairRaw();
  const { tcp, heard } = await dial(app.url, one.token);
  for (let sockets = 2; sockets <= 15; sockets += 1) {
    tcp.write(text('41'));
    await sleep(5);
    tcp.write(enter(one.token));
    await eventually(() => heard().split('"hello"').length > sockets);
  }
  tcp.write(text(`427${sending(roomId, 'here')}`));
  const answer = await eventually(() => /37(\[\{"ok".*?"deletedAt":null\}\}\])/.exec(heard())?.[1]);
  const [ack] = JSON.parse(answer) as [Ack<Message>];
  expect(ack).toMatchObject({ ok: true, data: { seq: 1, text: 'here' } });
  tcp.destroy();
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
