import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket as TcpSocket } from 'node:net';
import { eventually } from './testing.ts';

/** A client over a bare line, which decides by itself what leaves together, and whether it reads. */
export interface BareLine {
  tcp: TcpSocket;
  /** All that has come, one character a byte. */
  heard: () => string;
}

/** Asks for a WebSocket. @param headers more lines, such as `Origin: https://…` */
export function upgradeRequest(host: string, ...headers: string[]): string {
  return [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: ${host}`,
    ...headers,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '\r\n',
  ].join('\r\n');
}

/** Connects, and waits for `hello`. */
export async function dial(url: string, token: string): Promise<BareLine> {
  const { hostname, port } = new URL(url);
  const tcp = connect({ host: hostname, port: Number(port) });
  await once(tcp, 'connect');
  tcp.write(upgradeRequest(hostname));
  let heard = '';
  tcp.setEncoding('latin1');
  tcp.on('data', (chunk: string) => (heard += chunk));
  await eventually(() => heard.includes('pingInterval'));
  tcp.write(enter(token));
  await eventually(() => heard.includes('"hello"'));
  return { tcp, heard: () => heard };
}

/** A masked text frame, with a mask that changes nothing. */
export function text(payload: string): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([head, body]);
}

/** Opens a socket on a connection. */
export const enter = (token: string): Buffer => text(`40${JSON.stringify({ token, protocol: 1 })}`);
