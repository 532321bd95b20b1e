import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Target } from './target.ts';

/** A lean Socket.IO client on a bare WebSocket: it shares the machine with what it measures. */
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

const STAMP = /"text":"t(\d+\.\d+) /;

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
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
  });
  const waiting = new Map<number, { started: number; resolve: (ms: number) => void; reject: (error: Error) => void }>();
  let nextId = 0;

  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => {
      for (const call of waiting.values()) call.reject(new Error('the server closed a connection'));
    });
    socket.on('message', (data: Buffer) => {
      const kind = data[0];
      if (kind === 0x30) socket.send(`40${JSON.stringify({ token, protocol: 1 })}`);
      else if (kind === 0x32) socket.send('3');
      else if (data[1] === 0x32) onEvent(data);
      else if (data[1] === 0x33) onAck(data.toString());
      else if (data[1] === 0x34) reject(new Error(data.toString()));
    });

    function onEvent(data: Buffer): void {
      // `42["message",` and not `42["hello",`
      if (data[4] !== 0x6d) {
        resolve({
          send,
          close: () => {
            socket.terminate();
          },
        });
        return;
      }
      counters.delivered += 1;
      if (!measure()) return;
      const sent = STAMP.exec(data.toString())?.[1];
      if (sent !== undefined) counters.latencies.push(performance.now() - Number(sent));
    }

    function onAck(text: string): void {
      const id = parseInt(text.slice(2), 10);
      const call = waiting.get(id);
      waiting.delete(id);
      if (text.includes('"ok":true')) call?.resolve(performance.now() - call.started);
      else call?.reject(new Error(text));
    }

    function send(text: string): Promise<number> {
      const id = nextId++;
      return new Promise((answered, failed) => {
        waiting.set(id, { started: performance.now(), resolve: answered, reject: failed });
        socket.send(`42${String(id)}${JSON.stringify(['message:send', { roomId, clientId: randomUUID(), text }])}`);
      });
    }
  });
}
