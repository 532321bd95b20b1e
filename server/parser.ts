import { Decoder, Encoder as StandardEncoder, PacketType, protocol, type Packet } from 'socket.io-parser';

/** What was encoded last: a message is first the answer to whoever sent it, and at once the news for all others. */
let lastValue: object | undefined;
let lastText = '';

function encodeOnce(value: object): string {
  if (value !== lastValue) {
    lastText = JSON.stringify(value);
    lastValue = value;
  }
  return lastText;
}

function encodeAnswer(answer: unknown): string {
  const { ok, data } = answer as { ok: boolean; data?: unknown };
  return ok && typeof data === 'object' && data !== null
    ? `{"ok":true,"data":${encodeOnce(data)}}`
    : JSON.stringify(answer);
}

/** An answer as it travels, in the main namespace. */
export const encodeAck = (id: number, answer: unknown): string => `3${String(id)}[${encodeAnswer(answer)}]`;

function encodeNews(event: string, payload: unknown): string {
  if (event !== 'message') return JSON.stringify(payload);
  const { message, ...rest } = payload as { message: object };
  return `${JSON.stringify(rest).slice(0, -1)},"message":${encodeOnce(message)}}`;
}

/**
 * Socket.IO's own encoder looks for binary data in all that is sent, which here is never any, and encodes a message anew for its
 * answer and for its news. What is sent is the same.
 */
export class Encoder extends StandardEncoder {
  override encode(packet: Packet): string[] {
    const { type, nsp, id } = packet;
    const data = packet.data as unknown[];
    if (nsp !== '/') return super.encode(packet) as string[];
    if (type === PacketType.ACK && data.length === 1) return [encodeAck(id ?? 0, data[0])];
    if (type === PacketType.EVENT && id === undefined && data.length === 2) {
      const event = String(data[0]);
      return [`2[${JSON.stringify(event)},${encodeNews(event, data[1])}]`];
    }
    return super.encode(packet) as string[];
  }
}

/** What Socket.IO takes as its `parser`. */
export const parser = { protocol, Encoder, Decoder };
