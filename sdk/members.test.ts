import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, startTestApp, type Person, type TestApp } from '../server/testing.ts';
import { reduceMembers } from './members.ts';
import type { Member, Role } from './protocol/index.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const member = (id: string, role: Role, joined: number): Member => ({
  user: { id, rev: 1, nickname: id, about: null, avatarUrl: null, kind: 'account', createdAt: '' },
  role,
  joinedAt: new Date(joined).toISOString(),
  readSeq: 0,
  deliveredSeq: 0,
});
const [owner, admin, one, two] = [
  member('o', 'owner', 5),
  member('a', 'admin', 9),
  member('1', 'member', 1),
  member('2', 'member', 2),
];

test.each<[string, Member[], string, Member | null, boolean, Member[]]>([
  ['somebody new comes last', [owner, one], '2', two, true, [owner, one, two]],
  ['an admin comes before the members', [owner, one], 'a', admin, true, [owner, admin, one]],
  [
    'who becomes an admin moves up',
    [owner, one, two],
    '2',
    { ...two, role: 'admin' },
    true,
    [owner, { ...two, role: 'admin' }, one],
  ],
  ['who leaves is out', [owner, admin, one], 'a', null, true, [owner, one]],
  ['who left already stays out', [owner], 'a', null, true, [owner]],
  ['who would stand on a later page comes with it', [owner, one], '2', two, false, [owner, one]],
  [
    'who moves behind the page is left to the next one',
    [owner, admin, one],
    'a',
    { ...admin, role: 'member' },
    false,
    [owner, one],
  ],
])('%s', (_name, before, userId, now, whole, after) => {
  expect(reduceMembers(before, { userId, member: now, rev: 2 }, whole)).toEqual(after);
});

/** What a live list shows. */
const names = ({ client }: Person, roomId: string) =>
  client.rooms
    .memberList(roomId)
    .store.get()
    .members.map(({ user, role }) => `${user.id} ${role}`);

test('a list that is open follows what is done elsewhere, and is empty for whoever is removed', async () => {
  const [one, two, three] = [await app.signUp(), await app.signUp(), await app.signUp()];
  const room = await one.client.rooms.create({ type: 'group', name: 'Tea', memberIds: [two.id] });
  await eventually(() => two.client.rooms.store.get().rooms.some(({ id }) => id === room.id));
  await two.client.rooms.memberList(room.id).load();
  expect(names(two, room.id)).toEqual([`${one.id} owner`, `${two.id} member`]);
  await one.client.rooms.addMembers(room.id, [three.id]);
  await one.client.rooms.setRole(room.id, three.id, 'admin');
  await eventually(() => names(two, room.id)[1] === `${three.id} admin`);
  expect(names(two, room.id)).toHaveLength(3);
  // The name of somebody who has come in is known, so that it can be told who it was.
  expect(two.client.users.store.get().get(three.id)?.nickname).toBe(three.nickname);
  const open = two.client.messages.room(room.id);
  await open.load();
  await one.client.rooms.removeMember(room.id, two.id);
  await eventually(() => open.store.get().status === 'gone');
  expect(names(two, room.id)).toEqual([]);
  expect(two.client.rooms.store.get().rooms).toEqual([]);
});

test('a page that was read before a change does not undo it', async () => {
  const [one, two] = [await app.signUp(), await app.signUp()];
  const room = await one.client.rooms.create({ type: 'group', name: 'Tea' });
  const list = one.client.rooms.memberList(room.id);
  await Promise.all([list.load(), one.client.rooms.addMembers(room.id, [two.id])]);
  await eventually(() => names(one, room.id).length === 2);
  await one.client.rooms.leave(room.id);
  await eventually(() => names(one, room.id).length === 0);
});
