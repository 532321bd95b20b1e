import { connect, createServer, type Socket } from 'node:net';
import type { Friend, FriendRequest, Id, Message, Room, RoomMe, User } from './protocol/index.ts';

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
  close: () => Promise<void>;
}

export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<{ near: Socket; far: Socket; deaf: boolean }>();
  const requests: string[] = [];
  let refusing = false;
  let refusingUpgrades = false;
  const server = createServer((near) => {
    if (refusing) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    const pair = { near, far, deaf: false };
    open.add(pair);
    near.on('data', (chunk: Buffer) => {
      const [, line] = /^([A-Z]+ [^ ?]+)[^\r\n]* HTTP\/1/.exec(chunk.toString('latin1')) ?? [];
      if (line !== undefined) requests.push(line);
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
    deafen: () => {
      for (const pair of open) pair.deaf = true;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
