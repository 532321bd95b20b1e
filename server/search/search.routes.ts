import { z } from 'zod';
import { LIMITS, type MessageSearch } from '@co-talk/sdk/protocol';
import type { Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { foundMessages } from '../openapi/room-schemas.ts';
import { cleanText, id, queryCursor, queryLimit, validator } from '../validate.ts';
import { searchMessages } from './search.ts';

const search = validator<MessageSearch & { limit: number }>(
  z.strictObject({
    q: cleanText(LIMITS.searchMax).trim().min(1),
    roomId: id.optional(),
    cursor: queryCursor,
    limit: queryLimit,
  }),
);

export function searchRoutes(routes: Routes): void {
  routes.on('get', '/search/messages', { query: search }, (ctx, actor, { query }) => searchMessages(ctx, actor, query));
}

export const searchDocs = docs('Search', 'What was said, in all rooms or in one.', {
  'GET /search/messages': {
    summary: 'Search messages',
    notes:
      'The newest first. All words of `q` are in the message, in any order, whole or as parts of words, without regard to case and accents; `"words in quotation marks"` stand together. A message is found a moment after it was sent. A page may hold fewer than `limit`: go on while there is a `next`.',
    answers: { 200: foundMessages },
    errors: ['not_found'],
  },
});
