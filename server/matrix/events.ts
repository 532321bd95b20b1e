import { everybody, membersOnly, signedIn, text, type About } from './askers.ts';

/** The events of the socket, with `ok` for a status. */
export const EVENTS: [event: string, input: (about: About) => unknown, ...answers: string[]][] = [
  ['message:send', ({ room }) => ({ roomId: room, ...text() }), ...membersOnly('ok', 'blocked')],
  [
    'message:edit',
    ({ room, messages }) => ({ roomId: room, messageId: messages[room], text: 'another' }),
    ...membersOnly('forbidden'),
  ],
  [
    'message:delete',
    ({ room, messages }) => ({ roomId: room, messageId: messages[room] }),
    ...membersOnly('forbidden'),
  ],
  [
    'message:react',
    ({ room, messages }) => ({ roomId: room, messageId: messages[room], emoji: '👍', on: true }),
    ...membersOnly('ok!', 'blocked'),
  ],
  ['room:read', ({ room }) => ({ roomId: room, seq: 1 }), ...membersOnly('ok')],
  ['room:delivered', ({ room }) => ({ roomId: room, seq: 1 }), ...membersOnly('ok')],
  ['typing', ({ room }) => ({ roomId: room, typing: true }), ...membersOnly('ok')],
  [
    'sync',
    ({ room }) => ({ epoch: null, rev: 0, rooms: [{ id: room, rev: 0 }] }),
    ...['ok!', 'ok', 'ok', 'ok!', 'ok', 'unauthenticated'],
  ],
  ['heads', () => ({}), ...signedIn('ok')],
  ['auth:renew', ({ owner }) => ({ token: owner.token }), ...everybody('unauthenticated')],
];
