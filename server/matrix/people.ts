import { onlyTheirs, page, signedIn, type Row } from './askers.ts';

/** Users, friends, blocks, presence. */
export const PEOPLE: Row[] = [
  [
    'GET /users',
    ({ owner }) => [`/users?q=${encodeURIComponent(owner.user.nickname)}`],
    ...['200!', '200!', '200!', '200', '200', 'unauthenticated'],
  ],
  [
    'GET /users/:id',
    ({ owner }) => [`/users/${owner.user.id}`],
    ...['200!', '200!', '200!', 'not_found', 'not_found', 'unauthenticated'],
  ],
  ['GET /friends', page('/friends'), '200!', '200', '200', '200', '200', 'unauthenticated'],
  ['DELETE /friends/:userId', ({ owner }) => [`/friends/${owner.user.id}`], ...onlyTheirs('204')],
  ['GET /friends/requests', page('/friends/requests'), ...signedIn('200')],
  [
    'POST /friends/requests',
    ({ owner }) => ['/friends/requests', { userId: owner.user.id }],
    ...['already_friends', '201!', '201!', 'blocked', 'not_found', 'unauthenticated'],
  ],
  [
    'POST /friends/requests/:id/accept',
    ({ incoming }) => [`/friends/requests/${incoming}/accept`],
    ...onlyTheirs('200'),
  ],
  [
    'POST /friends/requests/:id/reject',
    ({ incoming }) => [`/friends/requests/${incoming}/reject`],
    ...onlyTheirs('204'),
  ],
  ['DELETE /friends/requests/:id', ({ outgoing }) => [`/friends/requests/${outgoing}`], ...onlyTheirs('204')],
  ['GET /blocks', page('/blocks'), ...signedIn('200')],
  [
    'PUT /blocks/:userId',
    ({ owner }) => [`/blocks/${owner.user.id}`],
    ...['204', '204', '204', '204', 'not_found', 'unauthenticated'],
  ],
  [
    'DELETE /blocks/:userId',
    ({ owner }) => [`/blocks/${owner.user.id}`],
    ...['204', '204', '204', '204', 'not_found', 'unauthenticated'],
  ],
  [
    'GET /presence',
    ({ owner }) => [`/presence?ids=${owner.user.id}`],
    ...['200!', '200', '200', '200', '200', 'unauthenticated'],
  ],
];
