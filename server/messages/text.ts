import { countGraphemes, LIMITS, type SendMessage } from '@co-talk/sdk/protocol';
import { AppError } from '../errors.ts';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const VISIBLE = /[^\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

function refuse(path: string, message: string): AppError {
  return new AppError('invalid_request', `unable to send the message; ${path} ${message}`, {
    errors: [{ path, message }],
  });
}

/**
 * A message's text as it is stored: trimmed.
 * @param mayBeEmpty it has something else to say
 * @throws AppError `invalid_request`: empty, too long, with NUL or broken Unicode
 */
export function readText(text: string, maxLength: number, mayBeEmpty = false): string {
  const trimmed = text.trim();
  if (mayBeEmpty && trimmed === '') return '';
  if (!VISIBLE.test(trimmed)) throw refuse('text', 'must not be empty');
  if (trimmed.length > LIMITS.messageBytes || Buffer.byteLength(trimmed) > LIMITS.messageBytes) {
    throw refuse('text', `must be at most ${String(LIMITS.messageBytes)} bytes`);
  }
  if (trimmed.includes('\0') || !trimmed.isWellFormed()) throw refuse('text', 'must be well-formed text without NUL');
  if (trimmed.length > maxLength && countGraphemes(trimmed) > maxLength) {
    throw refuse('text', `must be at most ${String(maxLength)} characters`);
  }
  return trimmed;
}

/** Checked by hand: this runs for every message, and a flat shape needs no schema library. */
export function readSendMessage(input: unknown): SendMessage {
  return readParts(readFields(input, BODY));
}

/** The same with the room inside, as the socket event carries it. */
export function readSendMessageEvent(input: unknown): SendMessage & { roomId: string } {
  const fields = readFields(input, EVENT);
  return { roomId: readId('roomId', fields['roomId']), ...readParts(fields) };
}

const BODY = ['clientId', 'text', 'attachmentIds', 'replyToId'];
const EVENT = ['roomId', ...BODY];

function readParts({ clientId, text, attachmentIds, replyToId }: Record<string, unknown>): SendMessage {
  const message: SendMessage = { clientId: readClientId(clientId), text: readString(text) };
  if (attachmentIds !== undefined) message.attachmentIds = readIds('attachmentIds', attachmentIds, LIMITS.attachments);
  if (replyToId !== undefined) message.replyToId = readId('replyToId', replyToId);
  return message;
}

function readId(path: string, id: unknown): string {
  if (typeof id !== 'string' || !ID.test(id)) throw refuse(path, 'must be an id');
  return id.toLowerCase();
}

function readIds(path: string, ids: unknown, most: number): string[] {
  if (!Array.isArray(ids) || ids.length < 1 || ids.length > most) {
    throw refuse(path, `must be a list of 1 to ${String(most)} ids`);
  }
  const read = (ids as unknown[]).map((id) => readId(path, id));
  if (new Set(read).size < read.length) throw refuse(path, 'must not name one twice');
  return read;
}

function readFields(input: unknown, known: string[]): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new AppError('invalid_request', 'unable to send the message; it must be an object');
  }
  for (const name of Object.keys(input)) {
    if (!known.includes(name)) throw refuse(name.slice(0, 50), 'is not known');
  }
  return input as Record<string, unknown>;
}

function readClientId(clientId: unknown): string {
  if (typeof clientId !== 'string' || clientId.length < 1 || clientId.length > LIMITS.clientIdMax) {
    throw refuse('clientId', `must be a string of 1 to ${String(LIMITS.clientIdMax)} characters`);
  }
  if (CONTROL.test(clientId) || !clientId.isWellFormed())
    throw refuse('clientId', 'must be text without control characters');
  return clientId;
}

function readString(text: unknown): string {
  if (typeof text !== 'string') throw refuse('text', 'must be a string');
  return text;
}
