import { docs } from '../openapi/docs.ts';
import { presence } from '../openapi/user-schemas.ts';
import { page } from '../openapi/wire.ts';

export const presenceDocs = docs('Presence', 'Who is online.', {
  'GET /presence': {
    summary: 'Ask who is online',
    notes: 'Of those whom one may see: friends, and the others of direct rooms. Everybody else is left out.',
    answers: { 200: page(presence) },
  },
});
