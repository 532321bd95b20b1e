import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Server, type Socket as ServerSocket } from 'socket.io';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { eventually } from '../server/testing.ts';
import { openSocket, type Socket } from './socket.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0).reverse()) await close();
});

async function listening(http: HttpServer): Promise<string> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** A socket, and all that it tells. */
function open(server: string, onEvent?: (socket: Socket) => void) {
  const told: unknown[] = [];
  const socket = openSocket(
    server,
    { token: 't' },
    {
      onEvent(name, payload) {
        told.push([name, payload]);
        onEvent?.(socket);
      },
      onRefused: (data) => told.push({ refused: data }),
      onClosed: (error) => told.push({ closed: error?.code ?? null }),
    },
  );
  closing.push(socket.close);
  return { socket, told, telling: (count = 1) => eventually(() => told.length >= count, 15_000) };
}

describe('with Socket.IO', () => {
  async function serve(options = {}) {
    const http = createServer();
    const io = new Server(http, options);
    closing.push(() => io.close());
    const sockets: ServerSocket[] = [];
    io.on('connection', (socket) => sockets.push(socket));
    return { url: await listening(http), io, sockets };
  }

  test('shows who it is, hears events, asks and is answered', async () => {
    const { url, io } = await serve();
    io.on('connection', (socket) => {
      socket.emit('hello', socket.handshake.auth);
      socket.on('double', (input: number, answer: (output: number) => void) =>
        setTimeout(answer, 20 - input, input * 2),
      );
    });
    const { socket, told, telling } = open(url);
    await telling();
    expect(told).toEqual([['hello', { token: 't' }]]);
    expect(await Promise.all([1, 10, 5].map((input) => socket.ask('double', input)))).toEqual([2, 20, 10]);
  });

  test('is told why it is refused, once', async () => {
    const { url, io } = await serve();
    io.use((_socket, next) => next(Object.assign(new Error('no'), { data: { code: 'banned' } })));
    const { socket, told, telling } = open(url);
    await telling();
    await eventually(() => io.engine.clientsCount === 0);
    await expect(socket.ask('hello', {})).rejects.toMatchObject({ code: 'closed' });
    expect(told).toEqual([{ refused: { code: 'banned' } }]);
  });

  test('what a middleware says before it lets somebody in is heard after that, in its order', async () => {
    const { url, io } = await serve();
    io.use((socket, next) => {
      socket.emit('early', 1);
      socket.emit('early', 2);
      setTimeout(next, 30);
    });
    io.on('connection', (socket) => socket.emit('hello', 3));
    const { told, telling } = open(url);
    await telling(3);
    expect(told).toEqual([
      ['early', 1],
      ['early', 2],
      ['hello', 3],
    ]);
  });

  test('stays for as long as the server asks whether it is there', async () => {
    const { url, sockets } = await serve({ pingInterval: 60, pingTimeout: 60 });
    const { told } = open(url);
    await eventually(() => sockets.length === 1);
    await sleep(1_000);
    expect(sockets[0]?.connected).toBe(true);
    expect(told).toEqual([]);
  });

  test('says good-bye', async () => {
    const { url, io } = await serve();
    const reasons: string[] = [];
    io.on('connection', (socket) => {
      socket.emit('hello');
      socket.on('disconnect', (reason) => reasons.push(reason));
    });
    const { socket, told, telling } = open(url);
    await telling();
    socket.close();
    await eventually(() => reasons.length === 1);
    expect(reasons).toEqual(['client namespace disconnect']);
    expect(told).toHaveLength(1);
  });

  test.each([
    ['leaves the namespace', (socket: ServerSocket) => socket.disconnect()],
    ['closes the connection', (socket: ServerSocket) => socket.conn.close()],
    ['shuts down', (socket: ServerSocket) => void socket.nsp.server.close()],
  ])('is told that it is over when the server %s', async (_, leave) => {
    const { url, sockets } = await serve();
    const { told, telling } = open(url);
    await eventually(() => sockets.length === 1);
    if (sockets[0]) leave(sockets[0]);
    await telling();
    await sleep(50);
    expect(told).toEqual([{ closed: null }]);
  });
});

const OPEN = '0{"sid":"a","upgrades":[],"pingInterval":60000,"pingTimeout":60000,"maxPayload":65536}';
const CONNECT = '40{"sid":"b"}';

describe('with somebody who only looks like Socket.IO', () => {
  /** Says these frames at once, and keeps what it hears. */
  async function serve(...frames: (string | Buffer)[]) {
    const http = createServer();
    const lines: WebSocket[] = [];
    const heard: string[] = [];
    const paths: (string | undefined)[] = [];
    new WebSocketServer({ server: http }).on('connection', (line, request) => {
      lines.push(line);
      paths.push(request.url);
      line.on('message', (data: Buffer) => heard.push(data.toString()));
      for (const frame of frames) line.send(frame);
    });
    const url = await listening(http);
    const say = (frame: string | Buffer) => {
      lines[0]?.send(frame);
    };
    return { url, lines, heard, paths, say };
  }

  /** A socket that is connected to it. */
  async function connected(...frames: string[]) {
    const peer = await serve(OPEN, CONNECT, ...frames, '42["hello"]');
    const client = open(peer.url);
    await client.telling(frames.length + 1);
    return { ...peer, ...client };
  }

  test('says what the protocol says, and no more', async () => {
    const { socket, heard, paths, say } = await connected();
    const asked = Promise.all([socket.ask('double', { n: 1 }), socket.ask('double', '\n"\u2028')]);
    say('2');
    say('431["second"]');
    say('430["first","more"]');
    expect(await asked).toEqual(['first', 'second']);
    socket.close();
    await eventually(() => heard.includes('41'));
    expect(heard).toEqual(['40{"token":"t"}', '420["double",{"n":1}]', '421["double","\\n\\"\u2028"]', '3', '41']);
    expect(paths).toEqual(['/socket.io/?EIO=4&transport=websocket']);
  });

  test('closed, it still says what it was asked to say', async () => {
    const { socket, heard, told } = await connected();
    const texts = Array.from({ length: 100 }, (_, n) => `${n} ${'x'.repeat(10_000)}`);
    const answers = Promise.allSettled(texts.map((text) => socket.ask('word', text)));
    socket.close();
    expect((await answers).map(({ status }) => status)).toEqual(texts.map(() => 'rejected'));
    await eventually(() => heard.includes('41'));
    expect(heard.slice(1)).toEqual([...texts.map((text, n) => `42${n}["word","${text}"]`), '41']);
    expect(told).toHaveLength(1);
  });

  test.each([
    ['no open packet first', ['40']],
    ['an event first', ['42["hello"]']],
    ['a ping first', ['2']],
    ['rubbish first', ['<html>']],
    ['no times', ['0{"sid":"a"}']],
    ['a second open packet', [OPEN, OPEN]],
    ['bytes', [OPEN, CONNECT, Buffer.from('42["hello"]')]],
    ['half a packet', [OPEN, CONNECT, '42["hello"']],
    ['an event without a name', [OPEN, CONNECT, '42[{}]']],
    ['another namespace', [OPEN, CONNECT, '42/admin,["hello"]']],
    ['something binary', [OPEN, CONNECT, '451-["hello",{"_placeholder":true,"num":0}]']],
    ['an answer that is none', [OPEN, CONNECT, '430{"ok":true}']],
  ])('%s ends it, with an error, and nothing is heard afterwards', async (_, frames) => {
    const { url, lines } = await serve(...frames, '42["late"]', CONNECT);
    const { told, telling } = open(url);
    await telling();
    await eventually(() => lines[0]?.readyState === 3);
    expect(told).toEqual([{ closed: 'internal' }]);
  });

  test.each([
    ['packets of other transports', ['6', '3', '5']],
    ['an answer that nobody waits for', ['43999[1]', '430[]']],
    ['a second welcome', [CONNECT]],
  ])('%s: changes nothing', async (_, frames) => {
    const { say, told, telling } = await connected();
    for (const frame of [...frames, '42["next",1]']) say(frame);
    await telling(2);
    expect(told).toEqual([
      ['hello', undefined],
      ['next', 1],
    ]);
  });

  test('hears events of the turn in which it is let in, before and after that', async () => {
    const { told } = await connected('42["after"]');
    expect(told).toEqual([
      ['after', undefined],
      ['hello', undefined],
    ]);
    const early = await serve(OPEN, '42["early"]', CONNECT, '42["after"]');
    const client = open(early.url);
    await client.telling(2);
    expect(client.told).toEqual([
      ['early', undefined],
      ['after', undefined],
    ]);
  });

  test('hears an event of 20 MB whole', async () => {
    const text = 'é'.repeat(10_000_000);
    const { say, told, telling } = await connected();
    say(`42["large",${JSON.stringify(text)}]`);
    await telling(2);
    expect((told[1] as string[])[1] === text).toBe(true);
  });

  test('closed by the one who hears an event, it tells nothing of what came with that', async () => {
    const peer = await serve(OPEN, '42["early"]', '42["early too"]', CONNECT, '42["late"]', '2', '41', 'rubbish');
    const { told } = open(peer.url, (socket) => {
      socket.close();
    });
    await eventually(() => peer.lines[0]?.readyState === 3);
    expect(told).toEqual([['early', undefined]]);
    expect(peer.heard).toEqual(['40{"token":"t"}', '41']);
  });

  test('closed before it is open, it is neither heard of nor told anything', async () => {
    const { url, heard } = await serve(OPEN, CONNECT, '42["hello"]');
    const { socket, told } = open(url);
    socket.close();
    socket.close();
    await sleep(200);
    expect([told, heard]).toEqual([[], []]);
  });

  test('silent for longer than it promised, the server counts as gone', async () => {
    const { url, lines, say } = await serve(OPEN.replaceAll('60000', '150'), CONNECT);
    const start = performance.now();
    const { told, telling } = open(url);
    setTimeout(say, 200, '2');
    await telling();
    expect(performance.now() - start).toBeGreaterThanOrEqual(480);
    expect(performance.now() - start).toBeLessThan(1_500);
    await eventually(() => lines[0]?.readyState === 3);
    expect(told).toEqual([{ closed: null }]);
  });

  test('a device that has slept does not ask on its old connection', async () => {
    const { socket, told, heard } = await connected();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    await expect(socket.ask('word', {})).rejects.toMatchObject({ code: 'closed', retryable: true });
    expect(told).toEqual([['hello', undefined], { closed: null }]);
    expect(heard).toEqual(['40{"token":"t"}']);
  });

  test('a question is lost at once with the connection, and before there is one', async () => {
    const { socket, lines, told, telling } = await connected();
    const lost = expect(socket.ask('word', {})).rejects.toMatchObject({ code: 'closed', retryable: true });
    lines[0]?.terminate();
    await lost;
    await telling(2);
    expect(told).toEqual([['hello', undefined], { closed: null }]);
    const peer = await serve(OPEN);
    const early = open(peer.url);
    await eventually(() => peer.heard.length === 1);
    await expect(early.socket.ask('word', {})).rejects.toMatchObject({ code: 'closed' });
    expect(peer.heard).toHaveLength(1);
  });

  test('what cannot be said is a rejection, and the connection stays', async () => {
    const { socket, say } = await connected();
    await expect(socket.ask('word', { n: 1n })).rejects.toThrow(TypeError);
    const asked = socket.ask('word', {});
    say('431["here"]');
    expect(await asked).toBe('here');
  });

  test('closed with questions open, it leaves no timer behind', async () => {
    const peer = await serve(OPEN, CONNECT, '42["hello"]');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { socket, told } = open(peer.url);
    while (told.length === 0) await turn();
    const asked = Promise.allSettled([socket.ask('one', {}), socket.ask('two', {})]);
    expect(vi.getTimerCount()).toBeGreaterThanOrEqual(3);
    socket.close();
    await asked;
    // That of the WebSocket goes when the other side says good-bye, too.
    while (peer.lines[0]?.readyState !== 3) await turn();
    for (let turns = 0; turns < 100 && vi.getTimerCount() > 0; turns += 1) await turn();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('with nobody', () => {
  test('a closed port, another service and an address that cannot be: told after it is opened, once', async () => {
    const http = await listening(createServer((_, response) => response.end('hello')));
    for (const url of ['http://127.0.0.1:1', http, 'ftp://127.0.0.1']) {
      const { told, telling } = open(url);
      expect(told).toEqual([]);
      await telling();
      await sleep(50);
      expect(told, url).toEqual([{ closed: null }]);
    }
  });

  test('10 s without an open packet, or without a WebSocket, is too long', async () => {
    const taken: TcpSocket[] = [];
    const http = createServer();
    http.on('upgrade', (_, socket: TcpSocket) => taken.push(socket.on('error', () => undefined)));
    const silent = createServer();
    const lines = new WebSocketServer({ server: silent });
    const start = performance.now();
    const both = [open(await listening(http)), open(await listening(silent))];
    await Promise.all(both.map(({ telling }) => telling()));
    expect(performance.now() - start).toBeGreaterThanOrEqual(9_900);
    await eventually(() => lines.clients.size === 0 && taken.length === 1);
    for (const { told } of both) expect(told).toEqual([{ closed: null }]);
    for (const socket of taken) socket.destroy();
  });

  test('a question without an answer in 10 s: the connection stays, and an answer that comes late is nobody’s', async () => {
    const http = createServer();
    const lines: WebSocket[] = [];
    new WebSocketServer({ server: http }).on('connection', (line) => {
      lines.push(line);
      for (const frame of [OPEN, CONNECT, '42["hello"]']) line.send(frame);
    });
    const { socket, told, telling } = open(await listening(http));
    await telling();
    await expect(socket.ask('word', {})).rejects.toMatchObject({ code: 'timeout', retryable: true });
    lines[0]?.send('430["late"]');
    lines[0]?.send('42["next"]');
    await telling(2);
    expect(told).toEqual([
      ['hello', undefined],
      ['next', undefined],
    ]);
  });
});
