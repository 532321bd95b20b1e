import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A connection that listens and does nothing else. */
export interface RawClient {
  connected: () => boolean;
  close: () => void;
}

/** Masked with zeros: the text stays as it is (RFC 6455, 5.3). */
function frame(text: string): Buffer {
  const body = Buffer.from(text);
  const head = body.length < 126 ? [0x81, 0x80 | body.length] : [0x81, 0xfe, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]);
}

/** The whole frames at the start of `bytes`, as text, and what is left. */
function unframe(bytes: Buffer): { texts: string[]; rest: Buffer } {
  const texts: string[] = [];
  let at = 0;
  for (;;) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    if (short === 127) throw new Error('unable to measure; a server sent more than 64 KB at once');
    const start = at + (short === 126 ? 4 : 2);
    if (bytes.length < start) break;
    const end = start + (short === 126 ? bytes.readUInt16BE(at + 2) : short);
    if (bytes.length < end) break;
    texts.push(bytes.toString('utf8', start, end));
    at = end;
  }
  return { texts, rest: bytes.subarray(at) };
}

const PONG = frame('3');

/**
 * Connects as Socket.IO's client does, with a fraction of its memory and time: ten thousand of them must not be what is
 * measured. Resolves at `hello`.
 */
export function connectRaw(port: number, token: string): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    let heard = 'nothing';
    socket.once('close', () => {
      reject(new Error(`unable to measure; the server closed a connection after ${heard}`));
    });
    socket.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
    listen(socket, (text) => {
      heard = text.slice(0, 200);
      if (text === '2') socket.write(PONG);
      else if (text.startsWith('0')) socket.write(frame(`40${JSON.stringify({ token, protocol: 1 })}`));
      else if (text.startsWith('44')) reject(new Error(`unable to measure; a connection was refused: ${text}`));
      else if (text.startsWith('42["hello"'))
        resolve({ connected: () => !socket.destroyed, close: () => void socket.destroy() });
    });
  });
}

function listen(socket: Socket, hear: (text: string) => void): void {
  let upgraded = false;
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (!upgraded) {
      const end = rest.indexOf('\r\n\r\n');
      if (end === -1) return;
      upgraded = true;
      rest = rest.subarray(end + 4);
    }
    const read = unframe(rest);
    // A copy, so that a few bytes do not keep a whole chunk.
    rest = Buffer.from(read.rest);
    read.texts.forEach(hear);
  });
}

/** Connects them all, `atOnce` at a time, in their order. */
export async function connectAllRaw(port: number, tokens: string[], atOnce: number): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  const queue = tokens.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const token of queue) clients.push(await connectRaw(port, token));
    }),
  );
  return clients;
}
