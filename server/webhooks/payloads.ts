import type {
  FriendNews,
  Id,
  MemberNews,
  MessageNews,
  ReportNews,
  RoomNews,
  Role,
  SharedRoom,
  UserNews,
  WebhookData,
  WebhookEventType,
  WebhookUser,
} from '@co-talk/sdk/protocol';
import { MESSAGE_COLUMNS, toWire as messageToWire, type MessageRow } from '../messages/message.entity.ts';
import { REPORT_COLUMNS, toWire as reportToWire, type ReportRow } from '../reports/report.entity.ts';
import type { Read, Statement } from '../statements.ts';
import { toArray } from '../users/lookup.ts';
import { toWire as userToWire, type UserRow } from '../users/user.entity.ts';
import type { About } from './outbox.ts';

const MESSAGE: Statement = {
  name: 'webhook-message',
  text: `select ${MESSAGE_COLUMNS} from messages m where m.room_id = $1 and m.seq = $2 and m.app_id = $3`,
};

const ROOM: Statement = {
  name: 'webhook-room',
  text: `select r.id, r.type, r.name, r.avatar_url as "avatarUrl", (extract(epoch from r.created_at) * 1000)::float8 as "createdMs",
      r.first_seq as "firstSeq", r.last_seq as "lastSeq", r.last_rev as rev, r.member_count as "memberCount"
    from chat_rooms r where r.id = $1 and r.app_id = $2`,
};

const ROLE: Statement = {
  name: 'webhook-role',
  text: 'select role from chat_room_members where room_id = $1 and user_id = $2 and app_id = $3 and left_at is null',
};

const REPORT: Statement = {
  name: 'webhook-report',
  text: `select ${REPORT_COLUMNS} from reports r where r.id = $1 and r.app_id = $2`,
};

const USERS: Statement = {
  name: 'webhook-users',
  text: `select u.id, u.rev, u.nickname, u.about, u.avatar_url as "avatarUrl", u.kind, u.external_id as "externalId",
      (extract(epoch from u.created_at) * 1000)::float8 as "createdMs"
    from users u where u.id = any($1::uuid[]) and u.app_id = $2 and u.erased_at is null`,
};

type RoomRow = Omit<SharedRoom, 'createdAt'> & { createdMs: number };
type PersonRow = Omit<UserRow, 'createdAt'> & { createdMs: number; externalId: string | null };

/** The data of an event as it is now. */
export async function readPayload(
  read: Read,
  appId: string,
  type: WebhookEventType,
  about: Record<string, unknown>,
): Promise<WebhookData[WebhookEventType]> {
  const [noun] = type.split('.');
  switch (noun) {
    case 'message':
      return message(read, appId, about as unknown as About['message']);
    case 'room':
      return room(read, appId, about as unknown as About['room']);
    case 'member':
      return member(read, appId, about as unknown as About['member']);
    case 'user':
      return user(read, appId, about as unknown as About['user']);
    case 'friend':
      return friend(read, appId, about as unknown as About['friend']);
    case 'report':
      return report(read, appId, about as unknown as About['report']);
    default:
      return about as unknown as About['webhook'];
  }
}

async function message(read: Read, appId: string, { roomId, seq }: About['message']): Promise<MessageNews> {
  const [row] = await read<MessageRow>(MESSAGE, [roomId, seq, appId]);
  const [sender] = row ? await people(read, appId, [row.senderId]) : [];
  return { roomId, seq, message: row ? messageToWire(row) : null, sender: sender ?? null };
}

async function room(read: Read, appId: string, { roomId }: About['room']): Promise<RoomNews> {
  const [row] = await read<RoomRow>(ROOM, [roomId, appId]);
  if (!row) return { roomId, room: null };
  const { createdMs, ...rest } = row;
  return { roomId, room: { ...rest, createdAt: new Date(createdMs).toISOString() } };
}

async function member(read: Read, appId: string, { roomId, userId }: About['member']): Promise<MemberNews> {
  const [row] = await read<{ role: Role }>(ROLE, [roomId, userId, appId]);
  const [person] = await people(read, appId, [userId]);
  return { roomId, userId, role: row?.role ?? null, user: person ?? null };
}

async function user(read: Read, appId: string, { userId }: About['user']): Promise<UserNews> {
  const [person] = await people(read, appId, [userId]);
  return { userId, user: person ?? null };
}

async function friend(read: Read, appId: string, { userIds }: About['friend']): Promise<FriendNews> {
  return { userIds, users: await people(read, appId, userIds) };
}

async function report(read: Read, appId: string, { reportId, roomId, seq }: About['report']): Promise<ReportNews> {
  const [row] = await read<ReportRow>(REPORT, [reportId, appId]);
  if (!row) return { reportId, roomId, seq, report: null, message: null, author: null, reporter: null };
  const [found] = await read<MessageRow>(MESSAGE, [roomId, seq, appId]);
  const known = new Map((await people(read, appId, [row.authorId, row.reporterId])).map((one) => [one.id, one]));
  return {
    ...{ reportId, roomId, seq, report: reportToWire(row), message: found ? messageToWire(found) : null },
    ...{ author: known.get(row.authorId) ?? null, reporter: known.get(row.reporterId) ?? null },
  };
}

async function people(read: Read, appId: string, ids: Id[]): Promise<WebhookUser[]> {
  const rows = await read<PersonRow>(USERS, [toArray(ids), appId]);
  return rows.map(({ createdMs, externalId, ...row }) => ({
    ...userToWire({ ...row, createdAt: new Date(createdMs) }),
    externalId,
  }));
}
