import { membersOnly, page, type Row, signedIn, text } from './askers.ts';

const aMessage =
  (body?: object): Row[1] =>
  ({ room, messages }) => [`/rooms/${room}/messages/${messages[room] ?? ''}`, body];

/** Rooms, and what is in them. */
export const ROOMS: Row[] = [
  ['GET /rooms', page('/rooms'), '200!', '200', '200', '200!', '200', 'unauthenticated'],
  [
    'POST /rooms',
    ({ owner }) => ['/rooms', { type: 'direct', userId: owner.user.id }],
    ...['200!', 'not_found', '201!', 'blocked', 'not_found', 'unauthenticated'],
  ],
  ['GET /rooms/:id', ({ room }) => [`/rooms/${room}`], ...membersOnly('200!')],
  ['PATCH /rooms/:id/me', ({ room }) => [`/rooms/${room}/me`, { muted: true }], ...membersOnly('200')],
  // Of a room of two, nothing of this can be changed; what the roles of a group may, is in rooms/groups.test.ts.
  ['PATCH /rooms/:id', ({ room }) => [`/rooms/${room}`, { name: 'Ours' }], ...membersOnly('forbidden')],
  ['DELETE /rooms/:id', ({ room }) => [`/rooms/${room}`], ...membersOnly('forbidden')],
  ['PUT /rooms/:id/picture', ({ room }) => [`/rooms/${room}/picture`, {}], ...signedIn('unsupported_media')],
  ['DELETE /rooms/:id/picture', ({ room }) => [`/rooms/${room}/picture`], ...membersOnly('forbidden')],
  [
    'POST /rooms/:id/members',
    ({ room, owner }) => [`/rooms/${room}/members`, { userIds: [owner.user.id] }],
    ...membersOnly('forbidden'),
  ],
  [
    'PATCH /rooms/:id/members/:userId',
    ({ room, owner }) => [`/rooms/${room}/members/${owner.user.id}`, { role: 'member' }],
    ...membersOnly('forbidden'),
  ],
  [
    'DELETE /rooms/:id/members/:userId',
    ({ room, owner }) => [`/rooms/${room}/members/${owner.user.id}`],
    ...membersOnly('forbidden'),
  ],
  ['POST /rooms/:id/leave', ({ room }) => [`/rooms/${room}/leave`], ...membersOnly('forbidden')],
  ['GET /rooms/:id/invites', ({ room }) => [`/rooms/${room}/invites`], ...membersOnly('forbidden')],
  ['POST /rooms/:id/invites', ({ room }) => [`/rooms/${room}/invites`, {}], ...membersOnly('forbidden')],
  [
    'DELETE /rooms/:id/invites/:inviteId',
    ({ room }) => [`/rooms/${room}/invites/${room}`],
    ...membersOnly('forbidden'),
  ],
  ['POST /rooms/:id/join', ({ room }) => [`/rooms/${room}/join`], ...signedIn('not_found')],
  ['POST /invites/preview', () => ['/invites/preview', { token: 'guessed' }], ...signedIn('not_found')],
  ['POST /invites/join', () => ['/invites/join', { token: 'guessed' }], ...signedIn('not_found')],
  ['GET /channels', page('/channels'), ...signedIn('200')],
  ['GET /channels/:id/messages', ({ room }) => [`/channels/${room}/messages`], ...signedIn('not_found')],
  ['GET /rooms/:id/members', ({ room }) => [`/rooms/${room}/members`], ...membersOnly('200!')],
  ['POST /rooms/:id/read', ({ room }) => [`/rooms/${room}/read`, { seq: 1 }], ...membersOnly('204')],
  ['GET /rooms/:id/messages', ({ room }) => [`/rooms/${room}/messages`], ...membersOnly('200!')],
  ['POST /rooms/:id/messages', ({ room }) => [`/rooms/${room}/messages`, text()], ...membersOnly('201', 'blocked')],
  ['PATCH /rooms/:id/messages/:messageId', aMessage({ text: 'another' }), ...membersOnly('forbidden')],
  ['DELETE /rooms/:id/messages/:messageId', aMessage(), ...membersOnly('forbidden')],
  [
    'PUT /rooms/:id/messages/:messageId/reactions/:emoji',
    ({ room, messages }) => [`/rooms/${room}/messages/${messages[room] ?? ''}/reactions/%F0%9F%91%8D`],
    ...membersOnly('200!', 'blocked'),
  ],
  [
    'DELETE /rooms/:id/messages/:messageId/reactions/:emoji',
    ({ room, messages }) => [`/rooms/${room}/messages/${messages[room] ?? ''}/reactions/%F0%9F%91%8D`],
    ...membersOnly('200!', 'blocked'),
  ],
  [
    'POST /rooms/:id/messages/:messageId/forward',
    ({ room, messages }) => [
      `/rooms/${room}/messages/${messages[room] ?? ''}/forward`,
      { targets: [{ roomId: room, clientId: 'forward' }] },
    ],
    ...membersOnly('200'),
  ],
  [
    'POST /rooms/:id/messages/:messageId/report',
    ({ room, messages }) => [`/rooms/${room}/messages/${messages[room] ?? ''}/report`, { reason: 'Spam' }],
    ...membersOnly('204'),
  ],
  ['GET /search/messages', ({ room }) => [`/search/messages?q=hello&roomId=${room}`], ...membersOnly('200')],
  [
    'POST /sync',
    ({ room }) => ['/sync', { epoch: null, rev: 0, rooms: [{ id: room, rev: 0 }] }],
    ...['200!', '200', '200', '200!', '200', 'unauthenticated'],
  ],
];
