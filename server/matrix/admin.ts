import { page, text, type Ask, type Row } from './askers.ts';

const signing = { kind: 'signing', name: 'new' };
const quiet = { events: ['user.erased'], enabled: false };

/** What is managed: the answers to the app's own key, to another app's, and to the operator. To everybody else it is closed. */
export const ADMIN: Row[] = [
  ['GET /admin/apps', page('/admin/apps'), 'forbidden', 'forbidden', '200'],
  ['POST /admin/apps', () => ['/admin/apps', { name: 'New' }], 'forbidden', 'forbidden', '201'],
  ...adminOf('GET', '', page(''), '200'),
  ...adminOf('PATCH', '', () => ['', { name: 'Mine' }], '200'),
  ['DELETE /admin/apps/:appId', () => ['/admin/apps/none'], 'forbidden', 'forbidden', 'app_unknown'],
  ...adminOf('GET', '/keys', page('/keys'), '200'),
  ...adminOf('POST', '/keys', () => ['/keys', signing], '201'),
  ...adminOf('POST', '/keys/:key/rotate', () => ['/keys/k_none/rotate', { overlapHours: 1 }], 'not_found'),
  ...adminOf('DELETE', '/keys/:key', page('/keys/k_none'), 'not_found'),
  ...adminOf('GET', '/audit', page('/audit'), '200'),
  ...adminOf('GET', '/users', page('/users'), '200'),
  ...adminOf('POST', '/users', () => ['/users', { users: [{ externalId: '1', nickname: 'Ada' }] }], '200'),
  ...adminOf('GET', '/users/:userId/export', ({ owner }) => [`/users/${owner.user.id}/export`], '200!'),
  ...adminOf('DELETE', '/users/:userId', ({ owner }) => [`/users/${owner.user.id}`], '200!'),
  ...adminOf('GET', '/users/:userId', ({ owner }) => [`/users/${owner.user.id}`], '200!'),
  ...adminOf('PATCH', '/users/:userId', ({ owner }) => [`/users/${owner.user.id}`, { disabled: false }], '200!'),
  ...adminOf('GET', '/rooms', page('/rooms'), '200'),
  ...adminOf(
    'POST',
    '/rooms',
    ({ owner }) => ['/rooms', { type: 'group', name: 'x', memberIds: [owner.user.id] }],
    '201',
  ),
  ...adminOf('GET', '/rooms/:roomId', ({ room }) => [`/rooms/${room}`], '200'),
  ...adminOf('GET', '/rooms/:roomId/members', ({ room }) => [`/rooms/${room}/members`], '200!'),
  ...adminOf('GET', '/rooms/:roomId/messages', ({ room }) => [`/rooms/${room}/messages`], '200!'),
  ...adminOf(
    'POST',
    '/rooms/:roomId/messages',
    ({ room, owner }) => [`/rooms/${room}/messages`, { userId: owner.user.id, ...text() }],
    'forbidden',
  ),
  ...adminOf(
    'DELETE',
    '/rooms/:roomId/messages/:messageId',
    ({ room }) => [`/rooms/${room}/messages/${room}`],
    'not_found',
  ),
  ...adminOf('GET', '/reports', page('/reports'), '200'),
  ...adminOf(
    'POST',
    '/reports/:reportId/resolve',
    ({ room }) => [`/reports/${room}/resolve`, { resolution: 'dismissed' }],
    'not_found',
  ),
  ...adminOf('GET', '/webhooks', page('/webhooks'), '200'),
  ...adminOf('POST', '/webhooks', () => ['/webhooks', { url: 'https://8.8.8.8/', ...quiet }], '201'),
  ...adminOf('GET', '/webhooks/:webhookId', ({ room }) => [`/webhooks/${room}`], 'not_found'),
  ...adminOf('PATCH', '/webhooks/:webhookId', ({ room }) => [`/webhooks/${room}`, quiet], 'not_found'),
  ...adminOf('DELETE', '/webhooks/:webhookId', ({ room }) => [`/webhooks/${room}`], 'not_found'),
  ...adminOf(
    'POST',
    '/webhooks/:webhookId/rotate-secret',
    ({ room }) => [`/webhooks/${room}/rotate-secret`],
    'not_found',
  ),
  ...adminOf('POST', '/webhooks/:webhookId/test', ({ room }) => [`/webhooks/${room}/test`], 'not_found'),
  ...adminOf('GET', '/webhooks/:webhookId/deliveries', ({ room }) => [`/webhooks/${room}/deliveries`], 'not_found'),
  ...adminOf(
    'POST',
    '/webhooks/:webhookId/deliveries/:deliveryId/replay',
    ({ room }) => [`/webhooks/${room}/deliveries/${room}/replay`],
    'not_found',
  ),
  ...adminOf(
    'POST',
    '/webhooks/:webhookId/replay',
    ({ room }) => [`/webhooks/${room}/replay`, { since: '2026-11-22T08:44:00.000Z' }],
    'not_found',
  ),
  ['GET /admin/audit', page('/admin/audit'), 'forbidden', 'forbidden', '200'],
  ['GET /admin/figures', page('/admin/figures'), 'forbidden', 'forbidden', '200'],
  ...adminOf('GET', '/figures', page('/figures'), '200'),
  ['GET /admin/session', page('/admin/session'), 'forbidden', 'forbidden', '200'],
  ['DELETE /admin/session', page('/admin/session'), 'forbidden', 'forbidden', 'invalid_request'],
];

/** For whoever manages the app, by the operator or its own key; to another app's key there is no such app. */
function adminOf(method: string, path: string, ask: Ask, answer: string): Row[] {
  const whole: Ask = (about) => {
    const [rest, body] = ask(about);
    return [`/admin/apps/default${rest}`, body];
  };
  return [[`${method} /admin/apps/:appId${path}`, whole, answer, 'not_found', answer]];
}
