import { openWebSocket } from '#web-socket';
import { CoTalkError, offlineError } from './errors.ts';
import { readFrame } from './packets.ts';
import { onOffline } from './wake.ts';

/** What happens to a socket. Never called before `openSocket` has returned, nor after `close()` or either kind of end. */
export interface SocketHooks {
  onEvent: (name: string, payload: unknown) => void;
  /** The end: the server does not let us in. @param data what it says of that */
  onRefused: (data: unknown) => void;
  /** The end: there is no connection any more. @param error where the server said what nobody understands */
  onClosed: (error?: CoTalkError) => void;
}

export interface Socket {
  /** Resolves with the server's answer. Rejects with `timeout` without one in 10 s, with `closed` without a connection. */
  ask: (event: string, input: unknown) => Promise<unknown>;
  /** What was asked still goes out; nobody waits for the answers. */
  close: () => void;
}

interface Question {
  resolve: (answer: unknown) => void;
  reject: (error: CoTalkError) => void;
  timer: ReturnType<typeof setTimeout>;
}

/** How long a server may take to open a connection, and to answer. */
const PATIENCE_MS = 10_000;

const noAnswer = () => new CoTalkError('timeout', 'unable to reach the server; it did not answer in 10 s');
const garbled = () => new CoTalkError('internal', 'unable to go on; what came over the WebSocket is not Socket.IO');

/**
 * One connection to a Socket.IO server: version 5 of the Socket.IO protocol over version 4 of the Engine.IO protocol, as much of
 * them as Co-Talk uses. WebSocket only, the default path and namespace, text only; nothing waits for a connection, and nothing
 * comes back by itself. The server asks no questions.
 *
 * @param server its origin
 * @param auth what the server's middleware sees of us
 */
export function openSocket(server: string, auth: object, hooks: SocketHooks): Socket {
  let state: 'opening' | 'open' | 'connected' | 'closed' = 'opening';
  let questions = 0;
  const waiting = new Map<number, Question>();
  /** Events from before the namespace was connected. */
  const early: [name: string, payload: unknown][] = [];
  let silenceMs = PATIENCE_MS;
  /** When the server has been silent for too long, by the clock: timers stand still while a device sleeps. */
  let deadline = Infinity;
  let silence: ReturnType<typeof setTimeout> | undefined;

  function release(): void {
    state = 'closed';
    clearTimeout(silence);
    stopListening();
    line?.close();
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(offlineError());
    }
    waiting.clear();
  }

  function end(error?: CoTalkError): void {
    if (state === 'closed') return;
    release();
    hooks.onClosed(error);
  }

  /** The server is there; it has to be heard of again in time. */
  function alive(): void {
    clearTimeout(silence);
    deadline = Date.now() + silenceMs;
    silence = setTimeout(end, silenceMs);
  }

  function take(name: string, payload: unknown): void {
    if (state === 'connected') hooks.onEvent(name, payload);
    else if (state === 'open') early.push([name, payload]);
  }

  function receive(frame: unknown): void {
    if (state === 'closed') return;
    const packet = readFrame(frame);
    // The first packet opens, and no other.
    if (!packet || (packet.type === 'open') !== (state === 'opening')) {
      end(garbled());
      return;
    }
    switch (packet.type) {
      case 'open':
        state = 'open';
        ({ silenceMs } = packet);
        alive();
        line?.send(`40${JSON.stringify(auth)}`);
        break;
      case 'ping':
        alive();
        line?.send('3');
        break;
      case 'connect':
        state = 'connected';
        for (const event of early.splice(0)) take(...event);
        break;
      case 'event':
        take(packet.name, packet.payload);
        break;
      case 'ack':
        answered(packet.id)?.resolve(packet.answer);
        break;
      case 'refused':
        release();
        hooks.onRefused(packet.data);
        break;
      case 'close':
        end();
        break;
      case 'other':
    }
  }

  function answered(id: number): Question | undefined {
    const question = waiting.get(id);
    clearTimeout(question?.timer);
    waiting.delete(id);
    return question;
  }

  async function ask(event: string, input: unknown): Promise<unknown> {
    if (Date.now() > deadline) end();
    if (state !== 'connected') throw offlineError();
    const id = questions++;
    const frame = `42${id}${JSON.stringify([event, input])}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => answered(id)?.reject(noAnswer()), PATIENCE_MS);
      waiting.set(id, { resolve, reject, timer });
      line?.send(frame);
    });
  }

  // A page's own machine is there without a network, too.
  const stopListening = new URL(server).hostname === 'localhost' ? () => undefined : onOffline(end);
  alive();
  let line: WebSocket | undefined;
  try {
    line = openWebSocket(`${server.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`);
    line.addEventListener('message', ({ data }) => receive(data));
    // They stay: an error that nobody listens to ends a process, and one may come of a line that is closed already.
    for (const event of ['error', 'close']) line.addEventListener(event, () => end());
  } catch {
    // Some browsers refuse an insecure server to a secure page in this way.
    queueMicrotask(end);
  }

  return {
    ask,
    close() {
      if (state === 'connected') line?.send('41');
      if (state !== 'closed') release();
    },
  };
}
