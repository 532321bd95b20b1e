import { docs } from '../openapi/docs.ts';
import { syncAnswer } from '../openapi/sync-schemas.ts';

export const syncDocs = docs('Catching up', 'What a client has missed.', {
  'POST /sync': {
    summary: 'Catch up',
    notes:
      'Says where a client stands, and brings what has changed since. A room with `more` is asked for again; one that is `gone` is left, or not there.',
    answers: { 200: syncAnswer },
    errors: ['too_large'],
    body: {
      name: 'SyncRequest',
      example: { epoch: null, rev: 0, rooms: [{ id: '019aab34-9f8e-7d6c-8b5a-493827160504', rev: 57 }] },
    },
  },
});
