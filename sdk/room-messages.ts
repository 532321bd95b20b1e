import { createChanging } from './changing.ts';
import type { ChangeDeps } from './changing.ts';
import { CoTalkError, closedError, toError } from './errors.ts';
import { lifeOf } from './life.ts';
import type { RoomMessages, RoomMessagesState, SentMessage, UnsentMessage } from './messages.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { quoteOf, requote } from './quotes.ts';
import { createReacting } from './reactions.ts';
import type { ReactDeps } from './reactions.ts';
import { createReader } from './reader.ts';
import type { Catchup } from './steps.ts';
import { createStore } from './store.ts';
import { reduceMessages } from './window.ts';
import type { MessageWindow } from './window.ts';
import { LIMITS, countGraphemes, trimText } from './protocol/index.ts';
import type { HistoryQuery, Id, Member, Message, MessagePage } from './protocol/index.ts';

/** What one room's messages need of the rest. */
export interface RoomDeps extends ChangeDeps, ReactDeps {
  page: (query: HistoryQuery) => Promise<MessagePage>;
  /** A page came: for who is in it, what of mine is in it, and from where on changes are to be followed. */
  seen: (page: MessagePage) => void;
  /** The room's revision up to which changes are applied. */
  applied: () => number;
  /** Applies the changes after `rev` once more. */
  rewind: (rev: number) => Promise<void>;
  members: () => Promise<readonly Member[]>;
  read: (seq: number) => Promise<void>;
  report: (messageId: Id, reason: string) => Promise<void>;
  outbox: Pick<Outbox, 'entries' | 'add' | 'retry' | 'discard'>;
}

/** The newest messages of a room, for showing them again in another page. */
export interface Restored {
  roomId: Id;
  messages: Message[];
  firstSeq: number;
  read: [userId: Id, seq: number][];
  delivered: [userId: Id, seq: number][];
}

export interface RoomKeeper {
  api: RoomMessages;
  /** `null` where the window does not reach the newest message. */
  window(): Restored | null;
  /** Shows what was kept, until something newer is there. */
  restore(kept: Restored): void;
  /** Messages new or changed, ascending by `seq`. */
  merge(messages: readonly Message[]): void;
  catchup(change: Catchup): void;
  /** A message of mine is stored, whether or not its turn in the window has come. */
  acked(message: Message): void;
  /** Somebody has read, or a device of theirs has received, up to there. */
  marker(userId: Id, seq: number, kind?: 'read' | 'delivered'): void;
  gone(): void;
  /** Everything that was held is void: starts anew. */
  reset(): void;
  reconnected(): void;
  publish(): void;
  /** Nothing happens here any more. */
  stop(): void;
  /** The same, and nothing is left of what was there. */
  dispose(): void;
}

/** Of somebody who signed out: what is left in hands elsewhere does nothing as the next one. */
const over = () => Promise.reject(closedError());

const EMPTY: RoomMessagesState = {
  status: 'idle',
  error: null,
  messages: [],
  hasBefore: false,
  hasAfter: false,
  loadingBefore: false,
  loadingAfter: false,
  readMarkers: new Map(),
  deliveredMarkers: new Map(),
};

const toSent = (message: Message): SentMessage => ({ ...message, state: 'sent' });

const RETRY_MS = { first: 500, most: 15_000 };

/** Changes kept for pages that were read before them. */
const RECENT_MAX = 200;

export function createRoomMessages(roomId: Id, deps: RoomDeps): RoomKeeper {
  const store = createStore(EMPTY);
  let disposed = false;
  let window: MessageWindow | null = null;
  let status: RoomMessagesState['status'] = 'idle';
  let error: CoTalkError | null = null;
  let read: ReadonlyMap<Id, number> = new Map();
  let delivered = read;
  const loading: Record<'window' | 'before' | 'after', Promise<void> | undefined> = {
    window: undefined,
    before: undefined,
    after: undefined,
  };
  /** Tells one window from the one that replaced it, across awaits. */
  let turn = 0;
  let recent: Message[] = [];
  /** `recent` has every change after this revision; of a room that is not followed yet, none. */
  let recentFrom = deps.applied() || Infinity;
  /** Mine that are stored while the window cannot take them yet. */
  let ahead: Message[] = [];
  /** The first page was asked for, and no other place. */
  let opening = false;
  let marked = false;
  let failures = 0;
  const changing = createChanging(deps, publish, () => disposed);
  const reacting = createReacting(deps, publish, () => disposed);
  const reader = createReader(
    () => read.get(deps.me()) ?? 0,
    async (seq) => {
      const me = deps.me();
      await deps.read(seq);
      keeper.marker(me, seq);
    },
  );

  function publish(): void {
    if (disposed) return;
    const end = window?.end ?? 0;
    ahead = ahead.filter((message) => message.seq > end);
    const newest = !window || window.live ? [...ahead.map(toSent), ...unsent()] : [];
    store.set({
      status,
      error,
      messages: changing.shown(reacting.shown([...(window?.messages ?? []), ...newest])),
      hasBefore: !!window && window.start > window.firstSeq,
      hasAfter: !!window && !window.live,
      loadingBefore: !!loading.before,
      loadingAfter: !!loading.after,
      readMarkers: read,
      deliveredMarkers: delivered,
    });
  }

  /** What a closed page left may be stored, and shown already: that is found out when it is sent again. */
  function unsent(): UnsentMessage[] {
    const entries = deps.outbox.entries(roomId);
    if (entries.length === 0) return [];
    const me = deps.me();
    const shown = new Set(
      [...(window?.messages ?? []), ...ahead].flatMap(({ senderId, clientId }) => (senderId === me ? clientId : [])),
    );
    return entries.filter(({ clientId }) => !shown.has(clientId)).map(toLocal);
  }

  function toLocal({ clientId, text, replyTo, attachments = [], createdAt, error }: OutboxEntry): UnsentMessage {
    const message: UnsentMessage = {
      state: error ? 'failed' : 'pending',
      clientId,
      roomId,
      senderId: deps.me(),
      text,
      replyTo: replyTo ?? null,
      attachments,
      createdAt,
      id: null,
      seq: null,
      error,
    };
    return window && replyTo ? requote(message, window.messages[replyTo.seq - window.start]) : message;
  }

  /** Fetches a page and brings it up to what is applied: a page read before a change must not undo it. */
  async function fetchPage(kind: 'page' | 'before' | 'after', query: HistoryQuery): Promise<void> {
    const mine = kind === 'page' ? ++turn : turn;
    try {
      const page = await deps.page({ ...query, limit: LIMITS.pageDefault });
      if (page.rev < deps.applied() && page.rev < recentFrom) await deps.rewind(page.rev);
      if (mine !== turn) return;
      deps.seen(page);
      const news = recent.filter((message) => message.rev > page.rev).sort((a, b) => a.seq - b.seq);
      window = reduceMessages(reduceMessages(window, { kind, page }), { kind: 'merge', messages: news });
      recentFrom = Math.min(recentFrom, page.rev);
      status = 'ready';
      error = null;
      failures = 0;
    } catch (cause) {
      const known = toError(cause);
      if (mine === turn) {
        if (known.code === 'not_found') leave();
        else if (!window) {
          [status, error] = ['error', known];
          if (known.retryable) retryLater(known.retryAfterMs ?? 0);
        }
      }
      throw known;
    }
  }

  /** A first page that fails although the connection holds would otherwise be asked for by nobody. */
  function retryLater(least: number): void {
    const mine = turn;
    const backoff = Math.random() * Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failures++);
    setTimeout(
      () => {
        if (mine === turn && status === 'error') load().catch(() => undefined);
      },
      Math.max(least, backoff),
    );
  }

  /** One call at a time of a kind; further callers wait for the same. */
  function once(kind: 'window' | 'before' | 'after', run: () => Promise<void>): Promise<void> {
    if (disposed) return over();
    const underWay = loading[kind];
    // Not published again: a view that asks on every change would ask for ever.
    if (underWay) return underWay;
    const done = run().finally(() => {
      if (loading[kind] === done) loading[kind] = undefined;
      publish();
    });
    loading[kind] = done;
    publish();
    return done;
  }

  function replace(query: HistoryQuery): Promise<void> {
    if (!window) [status, error] = ['loading', null];
    opening = Object.keys(query).length === 0;
    // Another place is wanted than the one under way.
    loading.window = undefined;
    return once('window', () => fetchPage('page', query));
  }

  function load(): Promise<void> {
    if (disposed) return over();
    if (loading.window && !window) return loading.window;
    if (!marked) mark();
    return window ? Promise.resolve() : replace({});
  }

  function mark(): void {
    marked = true;
    void deps.members().then(
      (members) => {
        for (const { user, readSeq, deliveredSeq } of members) {
          keeper.marker(user.id, readSeq);
          keeper.marker(user.id, deliveredSeq, 'delivered');
        }
      },
      () => (marked = false),
    );
  }

  function remember(messages: readonly Message[]): void {
    recent.push(...messages);
    for (const message of recent.splice(0, Math.max(0, recent.length - RECENT_MAX)))
      recentFrom = Math.max(recentFrom, message.rev);
  }

  function leave(): void {
    turn += 1;
    window = null;
    [ahead, recent] = [[], []];
    recentFrom = Infinity;
    [status, error] = ['gone', null];
  }

  const api: RoomMessages = {
    roomId,
    store,
    load,
    loadBefore() {
      if (!window || window.start <= window.firstSeq) return Promise.resolve();
      const { start } = window;
      return once('before', () => fetchPage('before', { before: start }));
    },
    loadAfter() {
      if (!window || window.live) return Promise.resolve();
      const { end } = window;
      return once('after', () => fetchPage('after', { after: end }));
    },
    loadAround(seq) {
      if (window && seq >= window.start && seq <= window.end) return Promise.resolve();
      return replace({ around: seq });
    },
    loadLatest: () => (window?.live ? Promise.resolve() : replace({})),
    send(text, { replyTo, attachments = [] } = {}) {
      if (disposed) return over();
      const trimmed = trimText(text);
      const count = countGraphemes(trimmed);
      if ((count >= 1 || attachments.length > 0) && count <= LIMITS.messageLength) {
        const answered = replyTo && { replyTo: quoteOf(replyTo) };
        return deps.outbox.add(roomId, trimmed, { ...answered, ...(attachments.length > 0 ? { attachments } : {}) });
      }
      const why = count ? `it has ${count} characters, at most ${LIMITS.messageLength} fit` : 'it is empty';
      return Promise.reject(new CoTalkError('invalid_request', `unable to send the message; ${why}`));
    },
    retry: (clientId) => (disposed ? over() : deps.outbox.retry(clientId)),
    discard(clientId) {
      if (!disposed) deps.outbox.discard(clientId);
    },
    report: (messageId, reason) => (disposed ? over() : deps.report(messageId, reason)),
    ...changing.api,
    ...reacting.api,
    markRead() {
      if (!disposed) reader.want(window?.messages.at(-1)?.seq ?? 0);
    },
  };

  const keeper: RoomKeeper = {
    api,
    window: () =>
      window?.live
        ? {
            roomId,
            messages: window.messages.slice(-LIMITS.pageDefault).map(({ state: _, ...message }) => message),
            firstSeq: window.firstSeq,
            read: [...read],
            delivered: [...delivered],
          }
        : null,
    restore(kept) {
      const { messages: items, firstSeq } = kept;
      const lastSeq = items.at(-1)?.seq;
      if (window || status === 'gone' || (status !== 'idle' && !opening) || lastSeq === undefined) return;
      turn += 1;
      window = reduceMessages(null, { kind: 'page', page: { items, firstSeq, lastSeq } });
      [status, error] = ['ready', null];
      recentFrom = deps.applied() || Infinity;
      [read, delivered] = [new Map(kept.read), new Map(kept.delivered)];
      publish();
    },
    merge(messages) {
      remember(messages);
      window = reduceMessages(window, { kind: 'merge', messages });
      publish();
    },
    catchup({ rev, messages, room, reset }) {
      if (!reset) {
        keeper.merge(messages);
        return;
      }
      recent = [];
      recentFrom = rev;
      if (!window && !loading.window) return;
      turn += 1;
      const firstSeq = Math.max(room?.firstSeq ?? 1, room?.me?.historyFrom ?? 1);
      // The room may have been read later than its messages, and know of more.
      const lastSeq = messages.at(-1)?.seq ?? firstSeq - 1;
      window = reduceMessages(null, { kind: 'page', page: { items: [...messages], firstSeq, lastSeq } });
      [status, error] = ['ready', null];
      publish();
    },
    acked(message) {
      if (message.seq > (window?.end ?? Infinity)) ahead = [...ahead, message].sort((a, b) => a.seq - b.seq);
    },
    marker(userId, seq, kind = 'read') {
      const held = kind === 'read' ? read : delivered;
      if (disposed || seq <= (held.get(userId) ?? 0)) return;
      const now = new Map(held).set(userId, seq);
      if (kind === 'read') read = now;
      else delivered = now;
      publish();
    },
    gone() {
      leave();
      publish();
    },
    reset() {
      turn += 1;
      recentFrom = Infinity;
      read = new Map();
      delivered = read;
      marked = false;
      reader.reset();
      const wanted = status !== 'idle';
      window = null;
      [ahead, recent] = [[], []];
      status = 'idle';
      loading.window = undefined;
      if (wanted) load().catch(() => undefined);
      else publish();
    },
    reconnected() {
      if (status === 'error') load().catch(() => undefined);
      // How far others have received is told once, and may have been told to nobody.
      const mine = window?.messages.findLast(({ senderId }) => senderId === deps.me());
      if (mine && lifeOf(mine, store.get()) === 'sent') mark();
      reader.wake();
    },
    publish,
    stop() {
      turn += 1;
      disposed = true;
      reader.reset();
    },
    dispose() {
      keeper.stop();
      store.set(EMPTY);
    },
  };
  return keeper;
}
