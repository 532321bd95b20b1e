import type { SentMessage } from './messages.ts';
import { requote } from './quotes.ts';
import type { Id, Message, MessagePage } from './protocol/index.ts';

/** A part of a room's messages without holes. */
export interface MessageWindow {
  /** Ascending by `seq`, dense. */
  readonly messages: readonly SentMessage[];
  /** `seq` of the first message; in an empty window, where one would be. */
  readonly start: number;
  /** `seq` of the last message; in an empty window, of the one before. */
  readonly end: number;
  /** The oldest `seq` there is to read. */
  readonly firstSeq: number;
  /** It reached the newest message and follows new ones. */
  readonly live: boolean;
}

type Bounds = Pick<MessagePage, 'items' | 'firstSeq' | 'lastSeq'>;

export type WindowChange =
  /** A page that replaces the window, and the pages next to it. */
  | { kind: 'page' | 'before' | 'after'; page: Bounds }
  /** Messages new or changed, ascending by `seq`. */
  | { kind: 'merge'; messages: readonly Message[] };

export function reduceMessages(window: MessageWindow | null, change: WindowChange): MessageWindow | null {
  if (change.kind === 'merge') return window && requoted(change.messages.reduce(merge, window), change.messages);
  if (change.kind === 'page') return open(change.page);
  if (!window) return null;
  return change.kind === 'before' ? prepend(window, change.page) : append(window, change.page);
}

const sent = (message: Message): SentMessage => ({ ...message, state: 'sent' });

function open({ items, firstSeq, lastSeq }: Bounds): MessageWindow {
  const end = items.at(-1)?.seq ?? lastSeq;
  return { messages: items.map(sent), start: items[0]?.seq ?? end + 1, end, firstSeq, live: end >= lastSeq };
}

function prepend(window: MessageWindow, { items, firstSeq }: Bounds): MessageWindow {
  const older = items.filter((message) => message.seq < window.start);
  const [oldest] = older;
  // Nothing came: there is nothing before.
  if (!oldest) return { ...window, firstSeq: window.start };
  // The window moved while the page was on its way.
  if (older.at(-1)?.seq !== window.start - 1) return window;
  return { ...window, messages: [...older.map(sent), ...window.messages], start: oldest.seq, firstSeq };
}

function append(window: MessageWindow, { items, lastSeq }: Bounds): MessageWindow {
  const newer = items.filter((message) => message.seq > window.end);
  if (newer[0] && newer[0].seq !== window.end + 1) return window;
  const end = newer.at(-1)?.seq ?? window.end;
  return { ...window, messages: [...window.messages, ...newer.map(sent)], end, live: window.live || end >= lastSeq };
}

function merge(window: MessageWindow, message: Message): MessageWindow {
  const { messages, start, end, live } = window;
  if (message.seq > end) {
    if (!live) return window;
    // What lies between is missing: from here on, newer messages are fetched by pages.
    if (message.seq > end + 1) return { ...window, live: false };
    return { ...window, messages: [...messages, quoting(window, message)], end: message.seq };
  }
  const held = messages[message.seq - start];
  if (!held || message.rev <= held.rev) return window;
  return { ...window, messages: messages.with(message.seq - start, quoting(window, message)) };
}

/** With the quotes of these as they are now, of those too that the window has not: an answer may come after what it answers has changed. */
function requoted(window: MessageWindow, news: readonly Message[]): MessageWindow {
  const byId = new Map<Id, Message>();
  for (const message of news) if (message.rev > (byId.get(message.id)?.rev ?? 0)) byId.set(message.id, message);
  const messages = window.messages.map((one) => requote(one, byId.get(one.replyTo?.id ?? '')));
  return messages.some((one, place) => one !== window.messages[place]) ? { ...window, messages } : window;
}

/** As it is kept: what it answers may be known as it was later. */
const quoting = ({ messages, start }: MessageWindow, message: Message): SentMessage =>
  sent(requote(message, messages[(message.replyTo?.seq ?? 0) - start]));
