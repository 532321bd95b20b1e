import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, UserExport } from '@co-talk/sdk/protocol';
import { AppError } from '../errors.ts';
import { AVATAR_TYPE } from './avatar.entity.ts';
import { toWireMe, User } from './user.entity.ts';

/** Rows that are in memory at a time. */
const PAGE = 500;
const FIRST: Id = '00000000-0000-0000-0000-000000000000';

type Lists = {
  [K in keyof UserExport as UserExport[K] extends unknown[] ? K : never]: UserExport[K] extends (infer R)[] ? R : never;
};

/** The columns of a time as it travels. */
const time = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const person = (alias: string): string => `json_build_object('id', ${alias}.id, 'nickname', ${alias}.nickname)`;

/** Statements that answer rows of `(key, row)` in the order of `key`, above `:after`. */
const LISTS: Record<Exclude<keyof Lists, 'messages'>, string> = {
  sessions: `select s.id as key, json_build_object('id', s.id, 'userAgent', s.user_agent, 'createdAt', ${time('s.created_at')},
      'lastUsedAt', ${time('s.last_used_at')}, 'expiresAt', ${time('s.expires_at')}, 'endedAt', ${time('s.ended_at')}) as row
    from sessions s where s.app_id = :app and s.user_id = :user and s.id > :after`,
  friends: `select f.friend_id as key, json_build_object('user', ${person('u')}, 'since', ${time('f.since')}) as row
    from friends f join users u on u.id = f.friend_id where f.app_id = :app and f.user_id = :user and f.friend_id > :after`,
  requests: `select r.id as key, json_build_object('from', ${person('f')}, 'to', ${person('t')}, 'status', r.status,
      'createdAt', ${time('r.created_at')}) as row
    from friend_requests r join users f on f.id = r.from_id join users t on t.id = r.to_id
    where r.app_id = :app and (r.from_id = :user or r.to_id = :user) and r.id > :after`,
  blocks: `select b.blocked_id as key, json_build_object('user', ${person('u')}, 'createdAt', ${time('b.created_at')}) as row
    from blocks b join users u on u.id = b.blocked_id where b.app_id = :app and b.user_id = :user and b.blocked_id > :after`,
  rooms: `select r.id as key, json_build_object('id', r.id, 'type', r.type, 'name', r.name,
      'peer', (select ${person('u')} from chat_room_members p join users u on u.id = p.user_id
        where r.type = 'direct' and p.room_id = r.id and p.user_id <> m.user_id limit 1),
      'role', m.role, 'joinedAt', ${time('m.joined_at')}, 'leftAt', ${time('m.left_at')}, 'readSeq', m.read_seq,
      'deliveredSeq', m.delivered_seq, 'muted', m.muted, 'pinned', m.pinned, 'hidden', m.hidden) as row
    from chat_room_members m join chat_rooms r on r.id = m.room_id
    where m.app_id = :app and m.user_id = :user and m.room_id > :after`,
  files: `select f.id as key, json_build_object('id', f.id, 'name', f.name, 'mime', f.mime, 'size', f.size,
      'createdAt', ${time('f.created_at')}) as row
    from files f where f.app_id = :app and f.user_id = :user and f.state = 'ready' and f.id > :after`,
  reactions: `select m.id as key, json_build_object('roomId', m.room_id, 'messageId', m.id, 'emojis', x.emojis,
      'createdAt', ${time('x.created_at')}) as row
    from (
      select room_id, seq, json_agg(emoji order by created_at) as emojis, min(created_at) as created_at
      from message_reactions where app_id = :app and user_id = :user group by room_id, seq
    ) x join messages m on m.room_id = x.room_id and m.seq = x.seq
    where m.app_id = :app and m.id > :after`,
  reports: `select r.id as key, json_build_object('id', r.id, 'roomId', r.room_id, 'messageId', r.message_id, 'reason', r.reason,
      'createdAt', ${time('r.created_at')}) as row
    from reports r where r.app_id = :app and r.reporter_id = :user and r.id > :after`,
};

const MESSAGES = `select seq, json_build_object('id', id, 'roomId', room_id, 'seq', seq, 'type', type, 'text', text,
    'attachmentIds', coalesce(extra->'attachments', '[]'), 'createdAt', ${time('created_at')}, 'editedAt', ${time('edited_at')}, 'deletedAt', ${time('deleted_at')}) as row
  from messages where room_id = ? and app_id = ? and sender_id = ? and seq > ? order by seq limit ?`;

/**
 * A {@link UserExport}, piece by piece.
 * @throws AppError `not_found`
 */
export async function* exportParts(em: EntityManager, appId: string, userId: Id): AsyncGenerator<string> {
  const user = await em.findOne(User, { id: userId, erasedAt: null }, { disableIdentityMap: true });
  if (!user) throw new AppError('not_found', 'unable to export the user; there is none with this id');
  const head: Omit<UserExport, keyof Lists> = {
    ...{ format: 'co-talk-export', version: 1, app: appId, exportedAt: new Date().toISOString() },
    ...{ profile: toWireMe(user), externalId: user.externalId },
    lastSeenAt: user.lastSeenAt?.toISOString() ?? null,
    disabledAt: user.disabledAt?.toISOString() ?? null,
    avatar: await readAvatar(em, appId, userId),
  };
  yield JSON.stringify(head).slice(0, -1);
  for (const [name, sql] of Object.entries(LISTS)) {
    yield `,\n"${name}":`;
    yield* list(pages(em, sql, { app: appId, user: userId }));
  }
  yield ',\n"messages":';
  yield* list(messages(em, appId, userId));
  yield '}\n';
}

async function readAvatar(em: EntityManager, appId: string, userId: Id): Promise<UserExport['avatar']> {
  const [row] = await em.execute<{ data: string }[]>(
    `select translate(encode(image, 'base64'), E'\\n', '') as data from avatars where app_id = ? and user_id = ?`,
    [appId, userId],
  );
  return row ? { type: AVATAR_TYPE, data: row.data } : null;
}

async function* list(pages: AsyncIterable<object[]>): AsyncGenerator<string> {
  let before = '[';
  for await (const rows of pages) {
    for (const row of rows) {
      yield before + JSON.stringify(row);
      before = ',\n';
    }
  }
  yield before === '[' ? '[]' : ']';
}

async function* pages(em: EntityManager, sql: string, named: { app: string; user: Id }): AsyncGenerator<object[]> {
  const names = [...sql.matchAll(/:(app|user|after)\b/g)].map(([, name]) => name as 'app' | 'user' | 'after');
  const text = `${sql.replaceAll(/:(app|user)\b/g, '?').replaceAll(':after', '?::uuid')} order by key limit ?`;
  for (let after: Id | undefined = FIRST; after !== undefined;) {
    const values: Record<string, string> = { ...named, after };
    const rows: { key: Id; row: object }[] = await em.execute(text, [...names.map((name) => values[name]), PAGE]);
    yield rows.map(({ row }) => row);
    after = rows.length < PAGE ? undefined : rows.at(-1)?.key;
  }
}

async function* messages(em: EntityManager, appId: string, userId: Id): AsyncGenerator<object[]> {
  const rooms = `select room_id as key, json_build_object('id', room_id) as row from chat_room_members
    where app_id = :app and user_id = :user and room_id > :after`;
  for await (const page of pages(em, rooms, { app: appId, user: userId })) {
    for (const { id } of page as { id: Id }[]) {
      for (let after: number | undefined = 0; after !== undefined;) {
        const rows: { seq: number; row: object }[] = await em.execute(MESSAGES, [id, appId, userId, after, PAGE]);
        yield rows.map(({ row }) => row);
        after = rows.length < PAGE ? undefined : rows.at(-1)?.seq;
      }
    }
  }
}
