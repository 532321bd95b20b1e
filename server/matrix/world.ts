import type { FriendRequest, Message, Room, SignedIn } from '@co-talk/sdk/protocol';
import type { RawPerson, TestApp } from '../testing.ts';
import type { About, Who } from './askers.ts';

export const PASSWORD = 'correct horse battery staple';

export interface World {
  people: Record<Who, RawPerson | undefined>;
  rooms: Record<Who, string>;
  about: Omit<About, 'room'>;
}

let worlds = 0;

/** One owner and everybody who asks about them, anew. */
export async function createWorld(app: TestApp): Promise<World> {
  worlds += 1;
  const signUp = (name: string, to?: string) => app.signUpRaw(`${name} ${String(worlds)}`, to);
  const [owner, member, former, stranger, blocked, third, foreigner] = await Promise.all([
    signUp('owner'),
    signUp('member'),
    signUp('former'),
    signUp('stranger'),
    signUp('blocked'),
    signUp('third'),
    signUp('foreigner', 'another'),
  ]);
  const post = async <T>(from: RawPerson, path: string, body?: unknown) =>
    (await app.request<T>('POST', path, { token: from.token, ...(body === undefined ? {} : { body }) })).body;
  const open = async (other: RawPerson) =>
    (await post<Room>(owner, '/rooms', { type: 'direct', userId: other.user.id })).id;
  const ask = async (from: RawPerson, to: RawPerson) =>
    (await post<FriendRequest>(from, '/friends/requests', { userId: to.user.id })).id;

  await post(member, `/friends/requests/${await ask(owner, member)}/accept`);
  const [room, left, closed] = [await open(member), await open(former), await open(blocked)];
  const messages: Record<string, string> = {};
  for (const id of [room, left, closed]) {
    const body = { clientId: 'first', text: 'a secret' };
    messages[id] = (await post<Message>(owner, `/rooms/${id}/messages`, body)).id;
  }
  // What leaving will do.
  await app.db.orm.em
    .fork()
    .execute('update chat_room_members set left_at = now() where room_id = ? and user_id = ?', [left, former.user.id]);
  await app.request('PUT', `/blocks/${blocked.user.id}`, { token: owner.token });
  const incoming = await ask(third, member);
  const outgoing = await ask(member, await signUp('asked'));
  const device = await app.request<SignedIn>('POST', '/auth/login', {
    body: { app: 'default', email: member.user.email, password: PASSWORD },
  });
  return {
    people: { member, former, stranger, blocked, foreigner, anonymous: undefined },
    rooms: { member: room, former: left, stranger: room, blocked: closed, foreigner: room, anonymous: room },
    about: { owner, messages, incoming, outgoing, session: device.body.session.sessionId },
  };
}
