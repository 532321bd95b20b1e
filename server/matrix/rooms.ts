import { membersOnly, page, text, type Row } from './askers.ts';

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
  ['GET /rooms/:id/members', ({ room }) => [`/rooms/${room}/members`], ...membersOnly('200!')],
  ['POST /rooms/:id/read', ({ room }) => [`/rooms/${room}/read`, { seq: 1 }], ...membersOnly('204')],
  ['GET /rooms/:id/messages', ({ room }) => [`/rooms/${room}/messages`], ...membersOnly('200!')],
  ['POST /rooms/:id/messages', ({ room }) => [`/rooms/${room}/messages`, text()], ...membersOnly('201', 'blocked')],
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
