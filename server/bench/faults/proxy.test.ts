import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../testing.ts';
import { startProxy, type FaultProxy } from './proxy.ts';

let server: Server;
let proxy: FaultProxy;
/** The server's ends, in the order in which they came. */
let accepted: Socket[];
const clients: Socket[] = [];

beforeEach(async () => {
  accepted = [];
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startProxy(() => (server.listening ? (server.address() as AddressInfo).port : null));
});

afterEach(async () => {
  for (const socket of clients.splice(0)) socket.destroy();
  await proxy.close();
  for (const socket of accepted) socket.destroy();
  server.close();
});

/** What has arrived at this end, piece by piece. */
function listen(socket: Socket): string[] {
  const heard: string[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
  return heard;
}

async function open(): Promise<{ near: Socket; far: Socket }> {
  const before = accepted.length;
  const near = connect(proxy.port, '127.0.0.1');
  near.on('error', () => undefined);
  clients.push(near);
  const far = await eventually(() => accepted[before]);
  return { near, far };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('passes everything on, both ways', async () => {
  const { near, far } = await open();
  const [up, down] = [listen(far), listen(near)];
  near.write('question');
  far.write('answer');
  await eventually(() => up.join('') === 'question' && down.join('') === 'answer');
});

it('is late by the latency, and keeps the order when the line heals meanwhile', async () => {
  const { near, far } = await open();
  const heard = listen(far);
  proxy.set({ latencyMs: 200 });
  near.write('first ');
  await pause(50);
  expect(heard).toEqual([]);
  proxy.set({});
  near.write('second');
  await eventually(() => heard.join('') === 'first second');
});

it('slices', async () => {
  const { near, far } = await open();
  const heard = listen(far);
  proxy.set({ sliceBytes: 1 });
  near.write('0123456789');
  await eventually(() => heard.join('') === '0123456789');
  expect(heard.length).toBeGreaterThan(1);
});

it('loses one direction', async () => {
  const { near, far } = await open();
  const [up, down] = [listen(far), listen(near)];
  proxy.set({ drop: 'down' });
  near.write('question');
  far.write('lost');
  await eventually(() => up.join('') === 'question');
  proxy.set({});
  far.write('heard');
  await eventually(() => down.join('') === 'heard');
});

it('lets the buffers of a sender fill up, and loses nothing', async () => {
  const { near, far } = await open();
  let arrived = 0;
  near.on('data', (chunk: Buffer) => (arrived += chunk.length));
  proxy.set({ stall: 'down' });
  const size = 32 * 2 ** 20;
  expect(far.write(Buffer.alloc(size))).toBe(false);
  await pause(200);
  expect(far.writableLength).toBeGreaterThan(0);
  proxy.set({});
  await eventually(() => arrived === size);
});

it('cuts, and takes new connections', async () => {
  const { near } = await open();
  proxy.cut('reset');
  await eventually(() => near.closed);
  expect(proxy.connections()).toBe(0);
  const again = await open();
  const heard = listen(again.far);
  again.near.write('again');
  await eventually(() => heard.join('') === 'again');
});

it('refuses', async () => {
  proxy.set({ refuse: true });
  const near = connect(proxy.port, '127.0.0.1');
  clients.push(near);
  near.on('error', () => undefined);
  await eventually(() => near.closed);
  expect(accepted).toEqual([]);
});

it('lets connections look alive at both ends while new ones work', async () => {
  const old = await open();
  const [up, down] = [listen(old.far), listen(old.near)];
  proxy.halfOpen();
  old.near.write('lost');
  old.far.write('lost');
  const fresh = await open();
  const heard = listen(fresh.far);
  fresh.near.write('alive');
  await eventually(() => heard.join('') === 'alive');
  expect([up, down]).toEqual([[], []]);
  expect([old.near.closed, old.far.closed]).toEqual([false, false]);
  old.near.destroy();
  await pause(50);
  expect(old.far.closed).toBe(false);
});

it('breaks in the middle of a piece', async () => {
  const { near, far } = await open();
  const heard = listen(far);
  proxy.halve('up');
  near.write('0123456789');
  await eventually(() => near.closed);
  await eventually(() => heard.join('') === '01234');
});

/** A text frame as a server sends it (RFC 6455). */
function frame(text: string): Buffer {
  const body = Buffer.from(text);
  if (body.length < 126) return Buffer.concat([Buffer.from([0x81, body.length]), body]);
  const head = Buffer.from([0x81, 126, 0, 0]);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}

it('loses and swaps single packets of a WebSocket server, however they are cut', async () => {
  const { near, far } = await open();
  const heard = listen(near);
  proxy.set({ edit: (packet) => (packet === 'lost' ? 'drop' : packet.startsWith('late') ? 'swap' : 'pass') });
  const long = 'late'.padEnd(300, '.');
  const said = Buffer.concat([
    Buffer.from('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    ...['one', 'lost', long, 'two', 'three'].map(frame),
  ]);
  for (const byte of said) {
    far.write(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  const expected = Buffer.concat([
    Buffer.from('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    ...['one', 'two', long, 'three'].map(frame),
  ]);
  await eventually(() => heard.join('') === expected.toString());
});

it('lets a packet that nothing overtakes through in the end', async () => {
  const { near, far } = await open();
  const heard = listen(near);
  proxy.set({ edit: () => 'swap' });
  far.write(Buffer.concat([Buffer.from('HTTP/1.1 101 \r\n\r\n'), frame('last')]));
  await eventually(() => heard.join('').endsWith('last'));
});
