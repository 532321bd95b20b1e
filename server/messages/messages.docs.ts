import { docs } from '../openapi/docs.ts';
import { message, messagePage } from '../openapi/room-schemas.ts';

export const messageDocs = docs(
  'Messages',
  'What people say. Ordered by `seq`, without gaps, the same for everybody.',
  {
    'GET /rooms/:id/messages': {
      summary: 'Read the history',
      notes: 'At most one of `before`, `after` and `around`; none is the newest page. Always ascending by `seq`.',
      answers: { 200: messagePage },
    },
    'POST /rooms/:id/messages': {
      summary: 'Send a message',
      notes:
        'Any number of sends with one `clientId` are one message: `200` with it where it was stored before. `overloaded` and a lost connection are safe to try again.',
      answers: { 201: message, 200: message },
      errors: ['blocked'],
      body: {
        name: 'SendMessage',
        example: { clientId: '7b0c2f4e-6a8d-4c1b-9e3f-5d7a9b1c3e5f', text: 'The water is on. Two cups?' },
      },
    },
  },
);
