/** What a server says, in a frame of its own each. `other`: of no meaning here. */
export type Packet =
  | { type: 'open'; silenceMs: number }
  | { type: 'ping' | 'close' | 'connect' | 'other' }
  | { type: 'event'; name: string; payload: unknown }
  | { type: 'ack'; id: number; answer: unknown }
  | { type: 'refused'; data: unknown };

type Opening = { pingInterval?: unknown; pingTimeout?: unknown } | null;

/** Longer ones would end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Reads a frame of Engine.IO's protocol 4, and of Socket.IO's protocol 5 inside of it: text only, the default namespace only.
 * `undefined` for whatever is not of it.
 */
export function readFrame(frame: unknown): Packet | undefined {
  if (typeof frame !== 'string') return undefined;
  const text = frame.slice(1);
  try {
    if (frame[0] === '0') return readOpen(JSON.parse(text) as Opening);
    if (frame[0] === '4') return readMessage(text);
  } catch {
    return undefined;
  }
  if (frame[0] === '1') return { type: 'close' };
  if (frame[0] === '2') return { type: 'ping' };
  return /^[356]/.test(frame) ? { type: 'other' } : undefined;
}

function readOpen(data: Opening): Packet | undefined {
  const [interval, timeout] = [data?.pingInterval, data?.pingTimeout];
  if (typeof interval !== 'number' || typeof timeout !== 'number') return undefined;
  return { type: 'open', silenceMs: Math.min(interval + timeout, LONGEST_TIMER_MS) };
}

/** `<type>[<id>][<JSON>]`. */
function readMessage(text: string): Packet | undefined {
  const [, type, id = '', json] = /^([0-4])(\d*)(.*)$/s.exec(text) ?? [];
  const data: unknown = json ? JSON.parse(json) : undefined;
  if (type === '0') return { type: 'connect' };
  if (type === '1') return { type: 'close' };
  if (type === '4') return { type: 'refused', data: (data as { data?: unknown } | null | undefined)?.data };
  if (!Array.isArray(data)) return undefined;
  const [first, second] = data as unknown[];
  if (type === '3') return id ? { type: 'ack', id: Number(id), answer: first } : undefined;
  return typeof first === 'string' ? { type: 'event', name: first, payload: second } : undefined;
}
