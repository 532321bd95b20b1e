import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import type { Ack, Message } from '@co-talk/sdk/protocol';
import type { Target } from './target.ts';

/** A client as people have it: Socket.IO's own. */
export interface BenchClient {
  /** Sends one message; resolves with the answer's latency in milliseconds. */
  send: (text: string) => Promise<number>;
  close: () => void;
}

export interface Counters {
  delivered: number;
  /** Milliseconds from send to delivery, only of messages whose text carries their time (see {@link stamped}). */
  latencies: number[];
}

const STAMP = /^t(\d+\.\d+) /;

/** A body of 100 bytes that starts with the time. */
export function stamped(): string {
  return `t${performance.now().toFixed(3)} `.padEnd(100, 'x');
}

/** Connects one client; resolves when it has heard `hello`. */
export function connect(
  port: number,
  { token, roomId }: Target['clients'][number],
  counters: Counters,
  measure: () => boolean,
): Promise<BenchClient> {
  const socket = io(`http://127.0.0.1:${String(port)}`, {
    auth: { token, protocol: 1 },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  // The bare relay passes on what was sent, Co-Talk what it stored.
  socket.on('message', (event: { text?: string; message?: Message }) => {
    counters.delivered += 1;
    if (!measure()) return;
    const sent = STAMP.exec(event.message?.text ?? event.text ?? '')?.[1];
    if (sent !== undefined) counters.latencies.push(performance.now() - Number(sent));
  });

  function send(text: string): Promise<number> {
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const gone = () => {
        reject(new Error('the server closed a connection'));
      };
      socket.once('disconnect', gone);
      socket.emit('message:send', { roomId, clientId: randomUUID(), text }, (answer: Ack<unknown>) => {
        socket.off('disconnect', gone);
        if (answer.ok) resolve(performance.now() - started);
        else reject(new Error(answer.error.detail));
      });
    });
  }

  return new Promise((resolve, reject) => {
    socket.once('connect_error', reject);
    socket.once('hello', () => {
      resolve({ send, close: () => void socket.disconnect() });
    });
  });
}
