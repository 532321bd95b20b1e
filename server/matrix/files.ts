import { randomUUID } from 'node:crypto';
import { everybody, page, signedIn, type Row } from './askers.ts';

/** Files. Who may have which is in files/access.test.ts: here is none. */
export const FILES: Row[] = [
  ['POST /files', () => ['/files', {}], ...signedIn('unsupported_media')],
  ['POST /files/urls', () => ['/files/urls', { ids: [randomUUID()] }], ...signedIn('200')],
  [
    'GET /files/:id',
    page(`/files/${randomUUID()}?session=${randomUUID()}&expires=9999999999&signature=guessed`),
    ...everybody('not_found'),
  ],
];
