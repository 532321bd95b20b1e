import { randomUUID } from 'node:crypto';
import { everybody, onlyTheirs, page, signedIn, type About, type Row } from './askers.ts';
import { PASSWORD } from './world.ts';

const credentials = (about: About) => ({ app: 'default', email: about.owner.user.email, password: 'not the password' });
const account = () => ({
  email: `${randomUUID()}@example.com`,
  password: 'k3j9!xqz-one',
  nickname: randomUUID().slice(0, 18),
});
const newcomer = () => ({ app: 'default', ...account() });

/** Accounts, and what is one's own. */
export const AUTH: Row[] = [
  ['GET /apps/:appId/config', page('/apps/default/config'), ...everybody('200')],
  ['POST /auth/signup', () => ['/auth/signup', newcomer()], ...everybody('201')],
  ['POST /auth/login', (about) => ['/auth/login', credentials(about)], ...everybody('unauthenticated')],
  ['POST /admin/session', () => ['/admin/session', { key: 'guessed' }], ...everybody('unauthenticated')],
  [
    'POST /auth/exchange',
    () => ['/auth/exchange', { app: 'default', userToken: 'guessed' }],
    ...everybody('unauthenticated'),
  ],
  ['POST /auth/guest', () => ['/auth/guest', { app: 'default' }], ...everybody('201')],
  ['POST /me/upgrade', () => ['/me/upgrade', account()], ...signedIn('conflict')],
  ['POST /auth/refresh', () => ['/auth/refresh', { refreshToken: 'guessed' }], ...everybody('session_ended')],
  ['POST /auth/logout', page('/auth/logout'), ...signedIn('204')],
  [
    'POST /auth/password/forgot',
    ({ owner }) => ['/auth/password/forgot', { app: 'default', email: owner.user.email }],
    ...everybody('202'),
  ],
  [
    'POST /auth/password/reset',
    () => ['/auth/password/reset', { token: 'guessed', password: 'k3j9!xqz-one' }],
    ...everybody('not_found'),
  ],
  ['POST /auth/email/verify', () => ['/auth/email/verify', { token: 'guessed' }], ...everybody('not_found')],
  ['POST /me/email/verification', page('/me/email/verification'), ...signedIn('202')],
  ['GET /me', page('/me'), ...signedIn('200')],
  ['PATCH /me', () => ['/me', { about: 'new' }], ...signedIn('200')],
  ['PUT /me/avatar', () => ['/me/avatar', {}], ...signedIn('unsupported_media')],
  ['DELETE /me/avatar', page('/me/avatar'), ...signedIn('200')],
  ['DELETE /me', () => ['/me', { password: PASSWORD }], ...signedIn('200')],
  ['GET /me/export', page('/me/export'), '200!', '200!', '200', '200!', '200', 'unauthenticated'],
  ['GET /me/sessions', page('/me/sessions'), ...signedIn('200')],
  ['DELETE /me/sessions/:id', ({ session }) => [`/me/sessions/${session}`], ...onlyTheirs('204')],
  ['GET /me/unread', page('/me/unread'), ...signedIn('200')],
];
