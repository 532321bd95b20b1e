import { html, nothing, type TemplateResult } from 'lit';
import type { Id, LocalMessage, Message, User } from '@co-talk/sdk';
import { badge, isolate, nameOf, type Localizer } from '../localize.ts';
import { hasMarks } from '../marks.ts';
import { icons } from '../icons.ts';
import { clock, dayName, fullTime, sameDay, sameMinute } from '../time.ts';
import { attachments, boxOf, gist } from './attachment-box.ts';
import { avatar } from './avatar.ts';
import { quoteOf } from './message-quote.ts';

/** A message with everything its row needs to know of its neighbours. */
export interface Row {
  key: string;
  message: LocalMessage;
  own: boolean;
  /** First of its group: the corner is round, a name may stand above. */
  head: boolean;
  /** Last of its group: avatar, time and state stand here. */
  tail: boolean;
  day: boolean;
  divider: boolean;
}

/** The key under which a message keeps its row from pending to stored. */
export function keyOf(message: LocalMessage): string {
  return `${message.senderId}:${message.clientId}`;
}

/** Nobody has written it: it tells what has happened. */
const happened = (message: LocalMessage): boolean => message.state === 'sent' && message.type === 'system';

function together(a: LocalMessage | undefined, b: LocalMessage | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.senderId === b.senderId &&
    !happened(a) &&
    !happened(b) &&
    // What failed has something to say below each.
    a.state !== 'failed' &&
    b.state !== 'failed' &&
    sameMinute(a.createdAt, b.createdAt)
  );
}

/** What decides the rows of a window of messages. */
export interface Window {
  messages: readonly LocalMessage[];
  me: Id;
  /** Index of the message under the "New messages" line; `-1` where there is none. */
  divider: number;
  /** The window begins where the room does, so its first day can be named. */
  whole: boolean;
}

/** Index of the first message of somebody else after a position; `-1` where there is none. */
export function dividerIndex(messages: readonly LocalMessage[], me: Id, after: number | null): number {
  if (after === null) return -1;
  let index = messages.length;
  while (index > 0 && (messages[index - 1]?.seq ?? Infinity) > after) index--;
  while (index < messages.length && messages[index]?.senderId === me) index++;
  return messages[index]?.seq == null ? -1 : index;
}

export function rowAt({ messages, me, divider, whole }: Window, index: number): Row | null {
  const message = messages[index];
  if (!message) return null;
  const before = messages[index - 1];
  const after = messages[index + 1];
  const day = before ? !sameDay(before.createdAt, message.createdAt) : whole;
  return {
    key: keyOf(message),
    message,
    own: message.senderId === me,
    divider: index === divider,
    day,
    head: index === divider || day || !together(before, message),
    tail: index + 1 === divider || !together(message, after),
  };
}

/** A first guess of a row's height in px, before it is measured. */
export function estimateRow(message: LocalMessage | undefined): number {
  const files = message?.attachments.length ? boxOf(message.attachments)[1] : 0;
  return (
    25 +
    files +
    Math.ceil((message?.text.length ?? 1) / 34) * 20 +
    (message?.replyTo ? 52 : 0) +
    (message?.state === 'sent' && message.reactions.length > 0 ? 32 : 0)
  );
}

function textOf(message: LocalMessage, { l, format }: RowContext): TemplateResult {
  if (message.state === 'sent' && message.deletedAt) return html`<i>${l.s.messageDeleted}</i>`;
  if (format && hasMarks(message.text)) return format(message.text);
  return html`${message.text}`;
}

function stateOf(row: Row, { l, readSeq, deliveredSeq }: RowContext): TemplateResult {
  const { message } = row;
  if (message.state === 'failed') {
    return html`<span class="failed"
      >${l.s.notSent} · <button class="link" data-act="retry" data-client=${message.clientId}>${l.s.tryAgain}</button> ·
      <button class="link" data-act="discard" data-client=${message.clientId}>${l.s.deleteUnsent}</button></span
    >`;
  }
  if (message.state !== 'sent') {
    return html`<span class="waiting"
      ><span class="late">${l.s.waitingToSend}</span><span class="soon" title=${l.s.sending}>${icons.clock}</span></span
    >`;
  }
  const life = message.seq <= readSeq ? 'read' : message.seq <= deliveredSeq ? 'delivered' : 'sent';
  return html`<span class="state ${life}" part="state" title=${l.s[life]}
    >${life === 'sent' ? icons.tick : icons.ticks}<span class="sr">${l.s[life]}</span></span
  >`;
}

/** Everything a row is drawn with besides itself. */
export interface RowContext {
  l: Localizer;
  now: Date;
  users: ReadonlyMap<Id, User>;
  /** Names above others' messages: more than two talk here. */
  names: boolean;
  /** How far somebody else has read. */
  readSeq: number;
  /** How far a device of somebody else has received. */
  deliveredSeq: number;
  /** What has happened, in words. */
  tell: (message: Message) => string;
  /** The place of the message that was jumped to. */
  marked: number | null;
  /** What can be done with a message. */
  tools: ((row: Row) => unknown) | undefined;
  /** What a text with marks means, once that is loaded. */
  format: ((text: string) => TemplateResult) | undefined;
  /** Who has reacted to a message, and with what. */
  reactions: ((row: Row, users: ReadonlyMap<Id, User>) => unknown) | undefined;
}

export function messageRow(row: Row, c: RowContext): TemplateResult {
  const { message } = row;
  const { l } = c;
  return html`
    ${row.day ? html`<div class="day" part="day">${dayName(message.createdAt, l.locale, c.now)}</div>` : nothing}
    ${row.divider ? html`<div class="divider" part="divider"><span>${l.s.newMessages}</span></div>` : nothing}
    ${message.state === 'sent' && message.type === 'system' ? html`<p class="happening" dir="auto">${c.tell(message)}</p>` : said(row, c)}
  `;
}

/** What somebody has written. */
function said(row: Row, c: RowContext): TemplateResult {
  const { message, own } = row;
  const { l } = c;
  const sender = c.users.get(message.senderId);
  const name = nameOf(sender, l) ?? '…';
  const reason = message.state === 'failed' && message.error ? l.s.errors[message.error.code] : null;
  return html`
    ${row.head && c.names && !own ? html`<div class="sender"><bdi>${name}</bdi></div>` : nothing}
    <div
      class="line ${own ? 'own' : ''} ${row.head ? 'head' : ''} ${row.tail ? 'tail' : ''} ${message.state} ${message.seq !== null && message.seq === c.marked ? 'marked' : ''}"
      part="message ${own ? 'own-message' : 'other-message'}"
    >
      ${own ? nothing : row.tail ? avatar({ id: message.senderId, name, url: sender?.avatarUrl, size: 's' }) : html`<span class="gap"></span>`}
      <span class="sr">${own ? l.s.you : isolate(name)}</span>
      <div
        class="bubble"
        part="bubble ${own ? 'own-bubble' : 'other-bubble'}"
        title=${fullTime(message.createdAt, l.locale, c.now)}
      >
        ${quoteOf(message, c)} ${attachments(message, l)}
        <div class="text" dir="auto">${textOf(message, c)}</div>
        ${message.state === 'sent' && message.editedAt && !message.deletedAt ? html`<small class="edited">${l.s.edited}</small>` : nothing}
      </div>
      ${c.tools?.(row)}
    </div>
    ${c.reactions?.(row, c.users)}
    ${
      row.tail
        ? html`<div class="foot ${own ? 'own' : ''}" part="meta">
            ${message.state === 'sent' ? html`<time datetime=${message.createdAt}>${clock(message.createdAt, l.locale)}</time>` : nothing}
            ${own ? stateOf(row, c) : nothing}
          </div>`
        : nothing
    }
    ${reason ? html`<div class="reason">${reason}</div>` : nothing}
  `;
}

/** What is said aloud about messages that have just arrived: the last few, or how many. */
export function announcement(messages: readonly LocalMessage[], users: ReadonlyMap<Id, User>, l: Localizer): string {
  if (messages.length > 3) return l.s.newMessageCount(badge(messages.length));
  return messages.map((m) => l.s.announced(isolate(users.get(m.senderId)?.nickname ?? ''), gist(m, l))).join('\n');
}
