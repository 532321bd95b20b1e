import { CoTalkError } from './errors.ts';
import type { RoomStep, UserStep } from './steps.ts';
import { friend, message, time } from './testing.ts';
import { LIMIT, memberOf, pageOf, partOf, roomSync, rowOf, sharedOf } from './testing-model-answers.ts';
import type { ModelMember, ModelRoom } from './testing-model-answers.ts';
import type {
  Heads,
  HistoryQuery,
  Id,
  MarkerEvent,
  MeLists,
  Member,
  Message,
  MessagePage,
  Room,
  RoomSync,
  RoomType,
  SyncAnswer,
  SyncRequest,
} from './protocol/index.ts';

/** What a socket of the model hears. */
export type ModelEvent = RoomStep | UserStep | ({ kind: 'read' } & MarkerEvent);

interface ModelUser {
  rev: number;
  friends: Set<Id>;
}

const refuse = (code: 'not_found' | 'invalid_request') => new CoTalkError(code, `unable to answer; ${code}`);

/** The rules of the server (docs: delivery), in memory: what all clients must agree with once things are quiet. */
export function createModelServer() {
  let epoch = 'first';
  let clock = 0;
  let rooms = new Map<Id, ModelRoom>();
  let users = new Map<Id, ModelUser>();
  const sockets = new Set<{ userId: Id; hear: (event: ModelEvent) => void }>();

  const userOf = (id: Id): ModelUser => {
    const known = users.get(id) ?? { rev: 0, friends: new Set() };
    users.set(id, known);
    return known;
  };

  function roomOf(roomId: Id, userId: Id): { room: ModelRoom; member: ModelMember } {
    const room = rooms.get(roomId);
    const member = room?.members.get(userId);
    if (!room || !member || member.left) throw refuse('not_found');
    return { room, member };
  }

  function tell(userId: Id, event: ModelEvent): void {
    for (const socket of sockets) if (socket.userId === userId) socket.hear(event);
  }

  function tellRoom(room: ModelRoom, event: ModelEvent, except?: unknown): void {
    for (const socket of sockets) {
      if (socket !== except && room.members.get(socket.userId)?.left === false) socket.hear(event);
    }
  }

  /** The room's own row changes: its name, or how many are in it. */
  function touch(room: ModelRoom): void {
    room.rev += 1;
    room.ownRev = room.rev;
    const { lastMessage: _, me: __, peer: ___, presence: ____, ...row } = sharedOf(room);
    tellRoom(room, { kind: 'room', roomId: room.id, rev: room.rev, room: row });
  }

  /** @param times how many changes at once, told as one */
  function change(roomId: Id, seq: number, more: (rev: number) => Partial<Message>, times = 1): boolean {
    const room = rooms.get(roomId);
    const old = room?.messages[seq - 1];
    if (!room || !old || old.deletedAt) return false;
    const from = room.rev + 1;
    room.rev += times;
    const changed = { ...old, ...more(room.rev), rev: room.rev };
    room.messages = room.messages.with(seq - 1, changed);
    const range = times > 1 ? { from } : {};
    tellRoom(room, { kind: 'message', roomId, rev: room.rev, ...range, message: changed });
    return true;
  }

  function tellPart(roomId: Id, userId: Id): void {
    const { room } = roomOf(roomId, userId);
    const rev = ++userOf(userId).rev;
    tell(userId, { kind: 'room:me', rev, roomId, me: partOf(room, userId) });
  }

  /** @param from the sender's own socket: it hears by the answer */
  function send(roomId: Id, senderId: Id, clientId: string, text: string, from?: unknown): Message {
    const known = rooms.get(roomId)?.messages.find((one) => one.senderId === senderId && one.clientId === clientId);
    // Somebody who has left is answered, but nobody is told.
    const mayTell = rooms.get(roomId)?.members.get(senderId)?.left === false;
    if (known && !mayTell) return known;
    const { room } = roomOf(roomId, senderId);
    if (known) {
      tellRoom(room, { kind: 'message', roomId, rev: known.rev, message: known }, from);
      return known;
    }
    room.rev += 1;
    const seq = room.messages.length + 1;
    const ids = { id: `${roomId}-${seq}`, roomId, clientId, senderId, text };
    const stored = message(seq, { ...ids, rev: room.rev, createdAt: time(++clock) });
    room.messages = [...room.messages, stored];
    room.texts.push(text);
    tellRoom(room, { kind: 'message', roomId, rev: room.rev, message: stored }, from);
    return stored;
  }

  function listsOf(userId: Id): MeLists {
    const { rev, friends } = userOf(userId);
    const mine = [...rooms.values()].filter((room) => room.members.get(userId)?.left === false);
    return {
      rev,
      friends: [...friends].map((id) => friend(id)),
      requests: [],
      blocks: [],
      rooms: mine.map((room) => rowOf(room, userId)),
    };
  }

  return {
    epoch: () => epoch,
    /** Rooms and lists as a fresh client is given them. */
    lists: listsOf,
    messages: (roomId: Id): readonly Message[] => rooms.get(roomId)?.messages ?? [],
    /** Every text that was sent and stored, whatever became of it. */
    texts: (): string[] => [...rooms.values()].flatMap(({ texts }) => texts),
    /** Opens a socket. Returns the way to close it. */
    listen(userId: Id, hear: (event: ModelEvent) => void) {
      const socket = { userId, hear };
      sockets.add(socket);
      return { socket, close: () => void sockets.delete(socket) };
    },
    create(id: Id, type: RoomType, memberIds: Id[]): void {
      const members = memberIds.map((id): [Id, ModelMember] => [id, { rev: 1, readSeq: 0, muted: false, left: false }]);
      rooms.set(id, { id, type, name: null, rev: 1, ownRev: 1, messages: [], texts: [], members: new Map(members) });
    },
    send,
    edit: (roomId: Id, seq: number, times = 1) =>
      change(roomId, seq, (rev) => ({ text: `edited ${rev}`, editedAt: time(++clock) }), times),
    remove: (roomId: Id, seq: number) => change(roomId, seq, () => ({ text: '', deletedAt: time(++clock) })),
    rename(roomId: Id): void {
      const room = rooms.get(roomId);
      if (!room) return;
      room.name = `name ${room.rev}`;
      touch(room);
    },
    /** Somebody comes into a room, or leaves it. */
    move(roomId: Id, userId: Id): void {
      const room = rooms.get(roomId);
      if (!room) return;
      const was = room.members.get(userId);
      const left = was?.left === false;
      room.rev += 1;
      const readSeq = left ? was.readSeq : room.messages.length;
      const member = { rev: room.rev, readSeq, muted: false, left };
      room.members.set(userId, member);
      const told = left ? null : memberOf(userId, member);
      const event: ModelEvent = { kind: 'member', roomId, rev: room.rev, userId, member: told };
      tellRoom(room, event);
      if (left) tell(userId, event);
      touch(room);
      const rev = ++userOf(userId).rev;
      const item = left ? {} : { item: rowOf(room, userId) };
      tell(userId, { kind: 'me', rev, change: 'rooms', ...item });
    },
    read(roomId: Id, userId: Id, seq: number): void {
      const { room, member } = roomOf(roomId, userId);
      const to = Math.min(seq, room.messages.length);
      if (to <= member.readSeq) return;
      member.readSeq = to;
      tellPart(roomId, userId);
      tellRoom(room, { kind: 'read', roomId, userId, seq: to });
    },
    mute(roomId: Id, userId: Id): void {
      const { member } = roomOf(roomId, userId);
      member.muted = !member.muted;
      tellPart(roomId, userId);
    },
    befriend(userId: Id, otherId: Id, whole: boolean): void {
      const { friends } = userOf(userId);
      const ended = friends.delete(otherId);
      if (!ended) friends.add(otherId);
      const rev = ++userOf(userId).rev;
      const item = whole ? { item: { userId: otherId, friend: ended ? null : friend(otherId) } } : {};
      tell(userId, { kind: 'me', rev, change: 'friends', ...item });
    },
    /** A backup comes back from before the last `lost` messages of every room. */
    restore(lost: number): void {
      epoch = `after ${epoch}`;
      users = new Map();
      rooms = new Map(
        [...rooms].map(([id, room]) => {
          const messages = room.messages.slice(0, Math.max(0, room.messages.length - lost));
          const rev = Math.max(1, ...messages.map((one) => one.rev));
          const members = [...room.members].map(([id, member]): [Id, ModelMember] => {
            return [id, { ...member, rev: 1, readSeq: Math.min(member.readSeq, messages.length) }];
          });
          return [
            id,
            {
              ...room,
              rev,
              ownRev: 1,
              messages,
              texts: room.texts.slice(0, messages.length),
              members: new Map(members),
            },
          ];
        }),
      );
    },
    heads: (userId: Id): Heads => ({
      epoch,
      rev: userOf(userId).rev,
      rooms: Object.fromEntries(listsOf(userId).rooms.map(({ id, rev }) => [id, rev])),
    }),
    sync(userId: Id, asked: SyncRequest): SyncAnswer {
      const other = asked.epoch !== epoch;
      const { rev } = userOf(userId);
      let space = LIMIT.rows;
      const answers = asked.rooms.map(({ id, rev: since }): RoomSync => {
        const room = rooms.get(id);
        if (room?.members.get(userId)?.left !== false) return { id, gone: true };
        const reset = other || since > room.rev || room.rev - since > LIMIT.behind;
        const answer = roomSync(room, userId, since, reset, space);
        if (!('gone' in answer) && !reset) space -= answer.changes.messages.length;
        return answer;
      });
      const readMarkers = asked.rooms.flatMap(({ id: roomId }) =>
        [...(rooms.get(roomId)?.members ?? [])]
          .filter(([, { left }]) => !left)
          .map(([userId, { readSeq: seq }]) => ({ roomId, userId, seq })),
      );
      return {
        ...{ epoch, rev, users: [], rooms: answers, readMarkers },
        me: other || asked.rev !== rev ? listsOf(userId) : null,
      };
    },
    room: (roomId: Id, userId: Id): Room => rowOf(roomOf(roomId, userId).room, userId),
    members: (roomId: Id, userId: Id): Member[] =>
      [...roomOf(roomId, userId).room.members].filter(([, one]) => !one.left).map(([id, one]) => memberOf(id, one)),
    page: (roomId: Id, userId: Id, query: HistoryQuery): MessagePage => pageOf(roomOf(roomId, userId).room, query),
  };
}

export type ModelServer = ReturnType<typeof createModelServer>;
