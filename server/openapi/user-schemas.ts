import { z } from 'zod';
import type { Block, FoundUser, Friend, FriendAnswer, FriendRequest, Me, Presence, User } from '@co-talk/sdk/protocol';
import { count, id, time, wire } from './wire.ts';

export const ADA: User = {
  id: '019aab34-5d6e-7f80-9a1b-2c3d4e5f6071',
  rev: 12,
  nickname: 'Ada',
  about: 'Makes the kettles sing',
  avatarUrl: null,
  kind: 'account',
  createdAt: '2026-11-22T08:44:00.000Z',
};
export const BEN: User = {
  id: '019aab34-6b1c-7d2e-8f30-4a5b6c7d8e9f',
  rev: 7,
  nickname: 'Ben',
  about: null,
  avatarUrl: null,
  kind: 'account',
  createdAt: '2026-11-22T08:45:12.000Z',
};

const person = {
  id,
  rev: count,
  nickname: z.string(),
  about: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  kind: z.enum(['account', 'host', 'guest', 'bot', 'deleted']),
  createdAt: time,
};

export const user = wire<User>().named('User', z.object(person), ADA);
export const me = wire<Me>().named(
  'Me',
  z.object({
    ...person,
    email: z.string().nullable(),
    emailVerified: z.boolean(),
    settings: z.object({ findableByEmail: z.boolean() }),
  }),
  { ...ADA, email: 'ada@example.com', emailVerified: true, settings: { findableByEmail: true } },
);
export const foundUser = wire<FoundUser>().named(
  'FoundUser',
  z.object({ ...person, friendship: z.enum(['none', 'friend', 'incoming', 'outgoing', 'blocked']) }),
  { ...BEN, friendship: 'none' },
);
export const presence = wire<Presence>().named(
  'Presence',
  z.object({ userId: id, online: z.boolean(), lastSeenAt: time.nullable() }),
  { userId: BEN.id, online: true, lastSeenAt: '2026-11-22T08:46:30.000Z' },
);

export const friend = wire<Friend>().named('Friend', z.object({ user, roomId: id, since: time, presence }), {
  user: BEN,
  roomId: '019aab34-9f8e-7d6c-8b5a-493827160504',
  since: '2026-11-22T08:46:00.000Z',
  presence: { userId: BEN.id, online: true, lastSeenAt: '2026-11-22T08:46:30.000Z' },
});
export const friendRequest = wire<FriendRequest>().named(
  'FriendRequest',
  z.object({
    id,
    from: user,
    to: user,
    status: z.enum(['pending', 'accepted', 'rejected', 'cancelled']),
    createdAt: time,
  }),
  {
    id: '019aab35-5a6b-7c8d-9e0f-112233445566',
    from: ADA,
    to: BEN,
    status: 'pending',
    createdAt: '2026-11-22T08:45:50.000Z',
  },
);
export const friendAnswer = wire<FriendAnswer>().named('FriendAnswer', z.object({ friend }));
export const block = wire<Block>().named('Block', z.object({ user, createdAt: time }), {
  user: BEN,
  createdAt: '2026-11-22T08:46:00.000Z',
});
