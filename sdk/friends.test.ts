import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_FRIENDS, reduceFriends, type FriendsChange, type FriendsState } from './friends.ts';
import { friend, request, time, user } from './testing.ts';
import type { MeEvent } from './protocol/index.ts';

const run = (changes: FriendsChange[], from: FriendsState = NO_FRIENDS) =>
  changes.reduce((state, change) => reduceFriends(state, change, 'me'), from);
const me = (event: Omit<MeEvent, 'rev'> & Record<string, unknown>) =>
  ({ kind: 'me', rev: 1, ...event }) as FriendsChange;

test('requests go by who asked, the newest first', () => {
  const lists = {
    friends: [],
    requests: [request('1', 'a', 'me'), request('2', 'me', 'b'), request('3', 'c', 'me')],
    blocks: [],
  };
  const state = run([{ kind: 'lists', lists }]);
  expect(state.loaded).toBe(true);
  expect(state.incoming.map(({ id }) => id)).toEqual(['3', '1']);
  expect(state.outgoing.map(({ id }) => id)).toEqual(['2']);
});

test('a request that is settled leaves the list', () => {
  for (const status of ['accepted', 'rejected', 'cancelled'] as const) {
    const state = run([
      me({ change: 'requests', item: request('1', 'a', 'me') }),
      me({ change: 'requests', item: request('1', 'a', 'me', { status }) }),
    ]);
    expect(state.incoming).toEqual([]);
  }
});

test('friends are sorted by nickname, and one who changes theirs moves', () => {
  const state = run([
    me({ change: 'friends', item: { userId: 'b', friend: friend('b') } }),
    me({ change: 'friends', item: { userId: 'a', friend: friend('a') } }),
  ]);
  expect(state.friends.map(({ user: { id } }) => id)).toEqual(['a', 'b']);
  const renamed = run([{ kind: 'users', users: new Map([['a', user('a', { rev: 1, nickname: 'Zoe' })]]) }], state);
  expect(renamed.friends.map(({ user: { nickname } }) => nickname)).toEqual(['b', 'Zoe']);
});

test('presence reaches the friend; of others it changes nothing', () => {
  const state = run([me({ change: 'friends', item: { userId: 'a', friend: friend('a') } })]);
  const presence = { userId: 'a', online: true, lastSeenAt: time(1) };
  expect(run([{ kind: 'presence', presence }], state).friends[0]?.presence).toEqual(presence);
  expect(run([{ kind: 'presence', presence: { ...presence, userId: 'x' } }], state)).toBe(state);
});

test('blocking and unblocking', () => {
  const blocked = run([
    me({ change: 'blocks', item: { userId: 'a', block: { user: user('a'), createdAt: time(1) } } }),
  ]);
  expect(blocked.blocks.map((block) => block.user.id)).toEqual(['a']);
  expect(run([me({ change: 'blocks', item: { userId: 'a', block: null } })], blocked).blocks).toEqual([]);
});

test('a change of the room list leaves the friends alone', () => {
  const state = run([{ kind: 'lists', lists: { friends: [friend('a')], requests: [], blocks: [] } }]);
  expect(run([me({ change: 'rooms' }), me({ change: 'friends' })], state)).toBe(state);
});

/** Any history of friends and requests: what a fresh fetch would show is what the events lead to. */
const event = fc.record({
  what: fc.constantFrom('friend', 'unfriend', 'ask', 'asked', 'settle', 'block', 'unblock'),
  who: fc.constantFrom('a', 'b', 'c', 'd'),
});

test('old lists and the events since are the same as the lists fetched anew', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), fc.nat(60), (events, cut) => {
      const friends = new Set<string>();
      const blocks = new Map<string, number>();
      const requests = new Map<string, ReturnType<typeof request>>();
      const lists = (): FriendsChange => ({
        kind: 'lists',
        lists: {
          friends: [...friends].map((id) => friend(id)),
          requests: [...requests.values()],
          blocks: [...blocks].map(([id, at]) => ({ user: user(id), createdAt: time(at) })),
        },
      });
      let state = NO_FRIENDS;
      let clock = 100;
      events.forEach(({ what, who }, index) => {
        if (index === cut) state = run([lists()]);
        clock += 1;
        const apply = (change: FriendsChange) => {
          if (index >= cut) state = run([change], state);
        };
        if (what === 'friend' || what === 'unfriend') {
          if (what === 'friend') friends.add(who);
          else friends.delete(who);
          apply(me({ change: 'friends', item: { userId: who, friend: what === 'friend' ? friend(who) : null } }));
        } else if (what === 'block' || what === 'unblock') {
          if (what === 'block') blocks.set(who, clock);
          else blocks.delete(who);
          apply(
            me({
              change: 'blocks',
              item: { userId: who, block: what === 'block' ? { user: user(who), createdAt: time(clock) } : null },
            }),
          );
        } else if (what === 'settle') {
          const [open] = [...requests.values()].filter(({ from, to }) => from.id === who || to.id === who);
          if (!open) return;
          requests.delete(open.id);
          apply(me({ change: 'requests', item: { ...open, status: 'accepted' } }));
        } else {
          const made = what === 'ask' ? request(String(clock), 'me', who) : request(String(clock), who, 'me');
          requests.set(made.id, made);
          apply(me({ change: 'requests', item: made }));
        }
      });
      if (cut >= events.length) state = run([lists()]);
      expect(state).toEqual(run([lists()]));
    }),
  );
});
