import { connect, createServer, type Socket } from 'node:net';
import { quoteOf } from './quotes.ts';
import type { RoomStep, UserStep } from './steps.ts';
import type {
  Friend,
  FriendRequest,
  Heads,
  Id,
  Message,
  MessagePage,
  Room,
  RoomMe,
  SyncAnswer,
  SyncRequest,
  User,
} from './protocol/index.ts';

const TIME = '2026-01-01T00:00:00.000Z';

/** A time `n` seconds into 2026. */
export const time = (n: number): string => new Date(Date.parse(TIME) + n * 1000).toISOString();

export function user(id: Id, more: Partial<User> = {}): User {
  return { id, rev: 0, nickname: id, about: null, avatarUrl: null, kind: 'account', createdAt: TIME, ...more };
}

export function friend(id: Id, more: Partial<Friend> = {}): Friend {
  return {
    user: user(id),
    roomId: `room-${id}`,
    since: TIME,
    presence: { userId: id, online: false, lastSeenAt: null },
    ...more,
  };
}

export function request(id: Id, from: Id, to: Id, more: Partial<FriendRequest> = {}): FriendRequest {
  return { id, from: user(from), to: user(to), status: 'pending', createdAt: TIME, ...more };
}

export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `message-${seq}`,
    roomId: 'room',
    seq,
    rev: seq,
    clientId: `client-${seq}`,
    senderId: 'other',
    type: 'text',
    text: `text ${seq}`,
    attachments: [],
    replyTo: null,
    mentions: [],
    reactions: [],
    linkPreview: null,
    system: null,
    createdAt: time(seq),
    editedAt: null,
    deletedAt: null,
    ...more,
  };
}

export const ROOM_ME: RoomMe = {
  role: 'member',
  readSeq: 0,
  unread: 0,
  muted: false,
  pinned: false,
  hidden: false,
  historyFrom: 1,
};

export function room(more: Partial<Room> = {}): Room {
  return {
    id: 'room',
    type: 'direct',
    name: null,
    avatarUrl: null,
    createdAt: TIME,
    firstSeq: 1,
    lastSeq: 0,
    rev: 0,
    memberCount: 2,
    lastMessage: null,
    peer: user('other'),
    presence: { userId: 'other', online: false, lastSeenAt: null },
    me: ROOM_ME,
    ...more,
  };
}

/** Whose client it is, in the model. */
export const ME = 'me';
const PAGE = 10;
/** Rows in one answer, and changes after which a room starts anew: small, so that both happen often. */
const ROWS = 7;
const TOO_MANY = 25;

/** The rules of a server, in memory: one room and the lists of one user. */
export function createModel() {
  let epoch = 'first';
  let messages: Message[] = [];
  let rev = 0;
  let userRev = 0;
  let readSeq = 0;
  let friends: Id[] = [];

  const unread = () => messages.filter((one) => one.seq > readSeq && one.senderId !== ME).length;
  const me = () => ({ ...ROOM_ME, readSeq, unread: unread() });
  /** Quotes are joined when read. */
  const joined = (one: Message): Message => {
    const quoted = one.replyTo && messages[one.replyTo.seq - 1];
    return quoted ? { ...one, replyTo: quoteOf(quoted) } : one;
  };
  const row = (): Room =>
    room({ rev, lastSeq: messages.length, lastMessage: messages.map(joined).at(-1) ?? null, me: me() });

  return {
    row,
    messages: () => messages.map(joined),
    friends: () => friends,
    /** Every other one answers something that was said before. */
    send(senderId: Id): RoomStep {
      rev += 1;
      const quoted = rev % 2 ? undefined : messages[(rev * 7) % Math.max(1, messages.length)];
      const replyTo = quoted ? quoteOf(quoted) : null;
      const one = message(messages.length + 1, { rev, senderId, clientId: `${senderId}-${rev}`, replyTo });
      messages = [...messages, one];
      return { kind: 'message', roomId: 'room', rev, message: one };
    },
    edit(at: number): RoomStep | null {
      const old = messages[at % Math.max(1, messages.length)];
      if (!old) return null;
      rev += 1;
      const edited = { ...old, rev, text: `edited ${rev}`, editedAt: old.createdAt };
      messages = messages.with(old.seq - 1, edited);
      return { kind: 'message', roomId: 'room', rev, message: joined(edited) };
    },
    read(): UserStep {
      userRev += 1;
      readSeq = messages.length;
      return { kind: 'room:me', rev: userRev, roomId: 'room', me: me() };
    },
    befriend(id: Id): UserStep {
      userRev += 1;
      const was = friends.includes(id);
      friends = was ? friends.filter((other) => other !== id) : [...friends, id];
      return { kind: 'me', rev: userRev, change: 'friends', item: { userId: id, friend: was ? null : friend(id) } };
    },
    /** A backup from before `lost` changes was restored. */
    restore(lost: number): void {
      epoch = `after ${epoch}`;
      messages = messages
        .slice(0, Math.max(0, messages.length - lost))
        .map((one) => message(one.seq, { senderId: one.senderId }));
      rev = messages.length;
      readSeq = Math.min(readSeq, messages.length);
    },
    epoch: () => epoch,
    heads: (): Heads => ({ epoch, rev: userRev, rooms: { room: rev } }),
    sync(asked: SyncRequest): SyncAnswer {
      const other = asked.epoch !== epoch;
      const lists = {
        rev: userRev,
        friends: friends.map((id) => friend(id)),
        requests: [],
        blocks: [],
        rooms: [row()],
      };
      return {
        epoch,
        rev: userRev,
        me: other || asked.rev !== userRev ? lists : null,
        users: [],
        readMarkers: [],
        rooms: asked.rooms.map(({ id, rev: since }) => {
          const reset = other || since > rev || rev - since > TOO_MANY;
          const changed = messages.filter((one) => one.rev > since).sort((a, b) => a.rev - b.rev);
          const rows = reset ? messages.slice(-PAGE) : changed.slice(0, ROWS);
          const more = !reset && changed.length > ROWS;
          return {
            id,
            rev: more ? (rows.at(-1)?.rev ?? since) : rev,
            head: rev,
            changes: { messages: rows.map(joined), members: [], room: reset ? row() : null },
            more,
            reset,
          };
        }),
      };
    },
    page(query: { before?: number; after?: number; around?: number }): MessagePage {
      const lastSeq = messages.length;
      const start = query.before
        ? query.before - PAGE - 1
        : (query.after ?? (query.around ? query.around - 5 : lastSeq - PAGE));
      const end = query.before ? query.before - 1 : start + PAGE;
      const items = messages.slice(Math.max(0, start), Math.max(0, end)).map(joined);
      return { items, users: [], firstSeq: 1, lastSeq, rev };
    },
  };
}

export type Model = ReturnType<typeof createModel>;

/** A line between client and server that can be made to fail. */
export interface Proxy {
  url: string;
  /** `METHOD /path` of every HTTP request that came through, upgrades included. */
  requests: string[];
  /** Cuts every connection that is open now. */
  cut: () => void;
  /** Whether new connections are refused. */
  refuse: (on: boolean) => void;
  /** Whether WebSocket is refused, as some company networks do. */
  refuseUpgrades: (on: boolean) => void;
  /** What the server says is lost from now on, on the connections that are open: they look alive and are not. */
  deafen: () => void;
  /** Answers to requests with this in their first line wait; `null` lets them go on. */
  hold: (request: string | null) => void;
  close: () => Promise<void>;
}

export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<{ near: Socket; far: Socket; deaf: boolean }>();
  const requests: string[] = [];
  let refusing = false;
  let refusingUpgrades = false;
  let held: string | null = null;
  const server = createServer((near) => {
    if (refusing) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    const pair = { near, far, deaf: false };
    open.add(pair);
    near.on('data', (chunk: Buffer) => {
      const [first, line] = /^([A-Z]+ [^ ?]+)[^\r\n]* HTTP\/1/.exec(chunk.toString('latin1')) ?? [];
      if (first !== undefined && line !== undefined) {
        requests.push(line);
        if (held !== null && first.includes(held)) far.pause();
      }
      if (refusingUpgrades && line?.startsWith('GET /socket.io')) near.destroy();
      far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => {
      if (!pair.deaf) near.write(chunk);
    });
    for (const [side, other] of [
      [near, far],
      [far, near],
    ] as const) {
      side.on('error', () => undefined);
      side.on('close', () => {
        other.destroy();
        open.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const cut = () => {
    for (const { near, far } of open) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    cut,
    refuse: (on) => {
      refusing = on;
    },
    refuseUpgrades: (on) => {
      refusingUpgrades = on;
    },
    hold: (request) => {
      held = request;
      if (request === null) for (const { far } of open) far.resume();
    },
    deafen: () => {
      for (const pair of open) pair.deaf = true;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
