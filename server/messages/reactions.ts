import type { EntityManager } from '@mikro-orm/postgresql';
import { LIMITS, type Id, type Message, type React } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../orm.ts';
import { changeMessage } from './change.ts';
import type { MessageRow } from './message.entity.ts';
import { REACTED } from './reaction.entity.ts';

/** Reactions that are stored in one transaction. */
const BATCH = 500;

interface Asked extends React {
  userId: Id;
  resolve: (message: Message) => void;
  reject: (error: unknown) => void;
}

/** What waits for the room's transaction under way. */
const queues = new WeakMap<Database, Map<string, Asked[]>>();

/**
 * Puts an emoji on a message, or takes one's own off. Doing it again changes nothing. Many react at once: those of a room that come
 * while others are being stored are stored together, so that the room is locked once for all of them.
 *
 * @throws AppError `not_found`, `conflict` (deleted, of nobody, or too many different emojis), `blocked`
 */
export async function react(ctx: Context, actor: Actor, input: React): Promise<Message> {
  const queue = queues.get(ctx.db) ?? new Map<string, Asked[]>();
  queues.set(ctx.db, queue);
  const key = `${ctx.appId}:${input.roomId}`;
  const { promise, resolve, reject } = Promise.withResolvers<Message>();
  const asked = { ...input, userId: actor.userId, resolve, reject };
  const waiting = queue.get(key);
  if (waiting) waiting.push(asked);
  else {
    queue.set(key, []);
    void drain(ctx, queue, key, [asked]);
  }
  return promise;
}

async function drain(ctx: Context, queue: Map<string, Asked[]>, key: string, first: Asked[]): Promise<void> {
  for (let batch = first; batch.length > 0; batch = queue.get(key)?.splice(0, BATCH) ?? []) {
    await storeAll(ctx, batch);
  }
  queue.delete(key);
}

/** One transaction, in which each message that is reacted to takes one revision. */
async function storeAll(ctx: Context, batch: Asked[]): Promise<void> {
  const answers: (() => void)[] = [];
  try {
    await ctx.em.transactional(async (em) => {
      for (const some of Map.groupBy(batch, ({ messageId }) => messageId).values()) {
        answers.push(...(await storeSome(ctx, em, some)));
      }
    });
    // Others than whoever the context belongs to have reacted too, whose answers do not flush it.
    ctx.publish.flush();
    for (const answer of answers) answer();
  } catch (error) {
    ctx.publish.discard();
    for (const { reject } of batch) reject(error);
  }
}

/** @returns what tells everybody how it went for them, once it is committed */
async function storeSome(ctx: Context, em: EntityManager, asked: Asked[]): Promise<(() => void)[]> {
  const [first] = asked;
  if (!first) return [];
  const refused = new Map<Asked, unknown>();
  try {
    const message = await changeMessage(ctx, em, first.roomId, first.messageId, async (row) => {
      const changed = await apply(em, ctx.appId, row, asked, refused);
      return changed ? { set: `reacted = ${REACTED}`, often: true } : null;
    });
    return asked.map((one) => () => {
      if (refused.has(one)) one.reject(refused.get(one));
      else one.resolve(message);
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return asked.map(({ reject }) => () => {
      reject(error);
    });
  }
}

/** @returns whether anything is another than before */
async function apply(
  em: EntityManager,
  appId: string,
  row: MessageRow,
  asked: Asked[],
  refused: Map<Asked, unknown>,
): Promise<boolean> {
  const people = [...new Set(asked.map(({ userId }) => userId))];
  const members = await membersAmong(em, appId, row, people);
  const stored = await em.execute<{ emoji: string; userId: Id | null }[]>(
    `select distinct x.emoji, case when x.user_id = any(?::uuid[]) then x.user_id end as "userId"
     from message_reactions x where x.room_id = ? and x.seq = ? and x.app_id = ?`,
    [`{${people.join(',')}}`, row.roomId, row.seq, appId],
  );
  const keyOf = (userId: Id, emoji: string) => userId + emoji;
  const emojis = new Set(stored.map(({ emoji }) => emoji));
  const before = new Set(stored.flatMap(({ emoji, userId }) => (userId === null ? [] : keyOf(userId, emoji))));
  const now = new Map<string, Asked>();
  for (const one of asked) {
    const error = refusal(row, members.get(one.userId), one, emojis);
    if (error) refused.set(one, error);
    else {
      now.set(keyOf(one.userId, one.emoji), one);
      if (one.on) emojis.add(one.emoji);
    }
  }
  const changed = [...now].filter(([key, { on }]) => before.has(key) !== on).map(([, one]) => one);
  for (const on of [true, false]) {
    const some = changed.filter((one) => one.on === on);
    if (some.length > 0) await write(em, appId, row, some, on);
  }
  return changed.length > 0;
}

const columns = (some: Asked[]): string[] => [
  `{${some.map(({ userId }) => userId).join(',')}}`,
  `{${some.map(({ emoji }) => `"${emoji}"`).join(',')}}`,
];

async function write(em: EntityManager, appId: string, row: MessageRow, some: Asked[], on: boolean): Promise<void> {
  if (on) {
    await em.execute(
      `insert into message_reactions (room_id, seq, app_id, user_id, emoji, created_at)
       select ?, ?, ?, a.user_id, a.emoji, clock_timestamp() from unnest(?::uuid[], ?::text[]) a(user_id, emoji)`,
      [row.roomId, row.seq, appId, ...columns(some)],
    );
  } else {
    await em.execute(
      `delete from message_reactions x using unnest(?::uuid[], ?::text[]) a(user_id, emoji)
       where x.room_id = ? and x.seq = ? and x.app_id = ? and x.user_id = a.user_id and x.emoji = a.emoji`,
      [...columns(some), row.roomId, row.seq, appId],
    );
  }
}

/** Those who are in the room and see the message, and whether one of the two of a direct room has blocked the other. */
async function membersAmong(
  em: EntityManager,
  appId: string,
  row: MessageRow,
  people: Id[],
): Promise<Map<Id, { blocked: boolean }>> {
  const found = await em.execute<{ userId: Id; blocked: boolean }[]>(
    `select m.user_id as "userId", r.blocked from chat_room_members m join chat_rooms r on r.id = m.room_id
     where m.room_id = ? and m.app_id = ? and m.user_id = any(?::uuid[]) and m.left_at is null
       and ? >= greatest(r.first_seq, m.history_from)`,
    [row.roomId, appId, `{${people.join(',')}}`, row.seq],
  );
  return new Map(found.map(({ userId, blocked }) => [userId, { blocked }]));
}

function refusal(
  row: MessageRow,
  member: { blocked: boolean } | undefined,
  { emoji, on }: Asked,
  emojis: Set<string>,
): AppError | null {
  if (!member) return new AppError('not_found', 'unable to find the message; there is none with this id');
  if (row.type === 'system') return new AppError('conflict', 'unable to react; nobody has written the message');
  if (row.deletedMs !== null) return new AppError('conflict', 'unable to react; the message has been deleted');
  if (member.blocked) return new AppError('blocked', 'unable to react; one of you has blocked the other');
  if (on && !emojis.has(emoji) && emojis.size >= LIMITS.reactionEmojis) {
    const most = String(LIMITS.reactionEmojis);
    return new AppError(
      'conflict',
      `unable to react; the message has ${most} different emojis already, use one of those`,
    );
  }
  return null;
}
