import { z } from 'zod';
import {
  SYSTEM_EVENTS,
  type Attachment,
  type FoundMessage,
  type FoundMessages,
  type LinkPreview,
  type CreatedInvite,
  type Invite,
  type Member,
  type MemberPage,
  type Message,
  type MessagePage,
  type Quote,
  type Reaction,
  type Room,
  type RoomMe,
  type RoomPreview,
  type SystemEvent,
} from '@co-talk/sdk/protocol';
import { ADA, presence, user } from './user-schemas.ts';
import { count, id, time, wire } from './wire.ts';

const role = z.enum(['owner', 'admin', 'member']);

const quote = wire<Quote>().named(
  'Quote',
  z.object({ id, seq: count, rev: count, senderId: id, text: z.string(), deleted: z.boolean() }),
);
const reaction = wire<Reaction>().named('Reaction', z.object({ emoji: z.string(), count, userIds: z.array(id) }));
export const attachment = wire<Attachment>().named(
  'Attachment',
  z.object({
    id,
    kind: z.enum(['image', 'audio', 'video', 'file']),
    name: z.string(),
    mime: z.string(),
    size: count,
    width: count.nullable(),
    height: count.nullable(),
    durationMs: count.nullable(),
    blurhash: z.string().nullable(),
    waveform: z.array(z.number()).nullable(),
    variants: z.array(z.string()),
  }),
);
const linkPreview = wire<LinkPreview>().named(
  'LinkPreview',
  z.object({ url: z.string(), title: z.string().nullable(), description: z.string().nullable() }),
);

const TEA: Message = {
  id: '019aab36-1f2e-7d3c-8b4a-596800000029',
  roomId: '019aab34-9f8e-7d6c-8b5a-493827160504',
  seq: 41,
  rev: 57,
  clientId: '7b0c2f4e-6a8d-4c1b-9e3f-5d7a9b1c3e5f',
  senderId: '019aab34-5d6e-7f80-9a1b-2c3d4e5f6071',
  type: 'text',
  text: 'The water is on. Two cups?',
  attachments: [],
  replyTo: null,
  mentions: [],
  reactions: [],
  linkPreview: null,
  system: null,
  createdAt: '2026-11-22T08:47:03.120Z',
  editedAt: null,
  deletedAt: null,
};

const systemEvent = wire<SystemEvent>().named(
  'SystemEvent',
  z.object({
    kind: z.enum(SYSTEM_EVENTS),
    byId: id,
    userId: id.optional(),
    others: count.optional(),
    name: z.string().optional(),
  }),
);
export const message = wire<Message>().named(
  'Message',
  z.object({
    id,
    roomId: id,
    seq: count,
    rev: count,
    clientId: z.string(),
    senderId: id,
    type: z.enum(['text', 'image', 'file', 'audio', 'system']),
    text: z.string(),
    attachments: z.array(attachment),
    replyTo: quote.nullable(),
    mentions: z.array(id),
    reactions: z.array(reaction),
    linkPreview: linkPreview.nullable(),
    system: systemEvent.nullable(),
    forwarded: z.boolean().exactOptional(),
    createdAt: time,
    editedAt: time.nullable(),
    deletedAt: time.nullable(),
  }),
  TEA,
);
export const messagePage = wire<MessagePage>().named(
  'MessagePage',
  z.object({ items: z.array(message), users: z.array(user), firstSeq: count, lastSeq: count, rev: count }),
);

export const roomMe = wire<RoomMe>().named(
  'RoomMe',
  z.object({
    role,
    readSeq: count,
    unread: count,
    muted: z.boolean(),
    pinned: z.boolean(),
    hidden: z.boolean(),
    hiddenSeq: count.optional(),
    historyFrom: count,
  }),
  { role: 'member', readSeq: 40, unread: 1, muted: false, pinned: false, hidden: false, hiddenSeq: 0, historyFrom: 1 },
);
export const room = wire<Room>().named(
  'Room',
  z.object({
    id,
    type: z.enum(['direct', 'group', 'channel']),
    name: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    createdAt: time,
    firstSeq: count,
    lastSeq: count,
    rev: count,
    memberCount: count,
    lastMessage: message.nullable(),
    peer: user.optional(),
    presence: presence.optional(),
    me: roomMe.nullable(),
  }),
  {
    id: TEA.roomId,
    type: 'direct',
    name: null,
    avatarUrl: null,
    createdAt: '2026-11-22T08:46:00.000Z',
    firstSeq: 1,
    lastSeq: 41,
    rev: 57,
    memberCount: 2,
    lastMessage: TEA,
    peer: ADA,
    presence: { userId: ADA.id, online: true, lastSeenAt: '2026-11-22T08:46:30.000Z' },
    me: {
      role: 'member',
      readSeq: 40,
      unread: 1,
      muted: false,
      pinned: false,
      hidden: false,
      hiddenSeq: 0,
      historyFrom: 1,
    },
  },
);

export const member = wire<Member>().named(
  'Member',
  z.object({ user, role, joinedAt: time, readSeq: count, deliveredSeq: count }),
);
export const memberPage = wire<MemberPage>().named(
  'MemberPage',
  z.object({ items: z.array(member), next: z.string().nullable(), rev: count }),
);

const foundMessage = wire<FoundMessage>().named(
  'FoundMessage',
  z.object({
    message,
    matches: z.array(z.object({ from: count, to: count })),
    context: z.object({ before: message.nullable(), after: message.nullable() }),
  }),
);
export const foundMessages = wire<FoundMessages>().named(
  'FoundMessages',
  z.object({ items: z.array(foundMessage), users: z.array(user), rooms: z.array(room), next: z.string().nullable() }),
);

export const roomPreview = wire<RoomPreview>().named(
  'RoomPreview',
  z.object({
    id,
    type: z.enum(['direct', 'group', 'channel']),
    name: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    memberCount: count,
    joined: z.boolean(),
  }),
);

const inviteFields = {
  id,
  createdBy: id,
  createdAt: time,
  expiresAt: time.nullable(),
  maxUses: count.nullable(),
  uses: count,
};
export const invite = wire<Invite>().named('Invite', z.object(inviteFields));
export const createdInvite = wire<CreatedInvite>().named(
  'CreatedInvite',
  z.object({ ...inviteFields, token: z.string() }),
);
