import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket as TcpSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ack, Message, MessagePage } from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type TestApp } from './testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Line {
  tcp: TcpSocket;
  heard: () => string;
}

/** A client over a bare line, which decides by itself what leaves together. */
async function dial(token: string): Promise<Line> {
  const { hostname, port } = new URL(app.url);
  const tcp = connect({ host: hostname, port: Number(port) });
  await once(tcp, 'connect');
  const request = [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: ${hostname}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
  ];
  tcp.write(`${request.join('\r\n')}\r\n\r\n`);
  let heard = '';
  tcp.setEncoding('latin1');
  tcp.on('data', (chunk: string) => (heard += chunk));
  await eventually(() => heard.includes('pingInterval'));
  tcp.write(enter(token));
  await eventually(() => heard.includes('"hello"'));
  return { tcp, heard: () => heard };
}

/** A masked text frame, with a mask that changes nothing. */
function text(payload: string): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([head, body]);
}

const enter = (token: string): Buffer => text(`40${JSON.stringify({ token, protocol: 1 })}`);
const sending = (roomId: string, body: string): string =>
  JSON.stringify(['message:send', { roomId, clientId: randomUUID(), text: body }]);

test('events that arrive together keep their order, in whichever form they are', async () => {
  const { one, roomId } = await app.pairRaw();
  const { tcp } = await dial(one.token);
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
  const { tcp, heard } = await dial(one.token);
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
