import { z } from 'zod';
import type { CreateFriendRequest, RequestDirection } from '@co-talk/sdk/protocol';
import type { PageQuery } from '../cursor.ts';
import { Answer, type Routes } from '../http.ts';
import { id, queryCursor, queryLimit, validator } from '../validate.ts';
import { block, listBlocks, unblock } from './blocks.ts';
import { listFriends, removeFriend } from './friends.ts';
import { acceptRequest, cancelRequest, createRequest, listRequests, rejectRequest } from './requests.ts';

const page: z.ZodType<PageQuery> = z.strictObject({ cursor: queryCursor, limit: queryLimit });
const requestsPage: z.ZodType<PageQuery & { direction?: RequestDirection | undefined }> = z.strictObject({
  cursor: queryCursor,
  limit: queryLimit,
  direction: z.enum(['incoming', 'outgoing']).optional(),
});
const createBody: z.ZodType<CreateFriendRequest> = z.strictObject({ userId: id });

export function friendRoutes(routes: Routes): void {
  const query = validator(page);
  routes.on('get', '/friends', { query }, (ctx, actor, input) => listFriends(ctx, actor, input.query));
  routes.on('delete', '/friends/:userId', {}, (ctx, actor, { params }) => removeFriend(ctx, actor, params.userId));
  routes.on('get', '/friends/requests', { query: validator(requestsPage) }, (ctx, actor, input) =>
    listRequests(ctx, actor, input.query),
  );
  routes.on('post', '/friends/requests', { body: validator(createBody) }, async (ctx, actor, { body }) => {
    const answer = await createRequest(ctx, actor, body);
    return 'request' in answer ? new Answer(201, answer.request) : answer;
  });
  routes.on('post', '/friends/requests/:id/accept', {}, (ctx, actor, { params }) =>
    acceptRequest(ctx, actor, params.id),
  );
  routes.on('post', '/friends/requests/:id/reject', {}, (ctx, actor, { params }) =>
    rejectRequest(ctx, actor, params.id),
  );
  routes.on('delete', '/friends/requests/:id', {}, (ctx, actor, { params }) => cancelRequest(ctx, actor, params.id));
  routes.on('get', '/blocks', { query }, (ctx, actor, input) => listBlocks(ctx, actor, input.query));
  routes.on('put', '/blocks/:userId', {}, (ctx, actor, { params }) => block(ctx, actor, params.userId));
  routes.on('delete', '/blocks/:userId', {}, (ctx, actor, { params }) => unblock(ctx, actor, params.userId));
}
