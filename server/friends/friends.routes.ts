import { z } from 'zod';
import type { CreateFriendRequest, RequestDirection } from '@co-talk/sdk/protocol';
import type { PageQuery } from '../cursor.ts';
import { Answer, type Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { block as blockSchema, friend, friendAnswer, friendRequest } from '../openapi/user-schemas.ts';
import { revisedPage } from '../openapi/wire.ts';
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

export const friendDocs = docs('Friends', 'Friends, the requests to become some, and who may not reach whom.', {
  'GET /friends': { summary: 'List friends', answers: { 200: revisedPage(friend) } },
  'DELETE /friends/:userId': {
    summary: 'End a friendship',
    notes: 'The room of the two and its history stay.',
    answers: { 204: null },
  },
  'GET /friends/requests': {
    summary: 'List open friend requests',
    notes: 'Those of both directions, unless one is asked for.',
    answers: { 200: revisedPage(friendRequest) },
  },
  'POST /friends/requests': {
    summary: 'Ask somebody to be friends',
    notes: 'Where a request of the other side is open, this one accepts it: `200` with the friend.',
    answers: { 201: friendRequest, 200: friendAnswer },
    errors: ['not_found', 'blocked', 'already_friends', 'request_exists'],
    body: { name: 'CreateFriendRequest', example: { userId: '019aab34-6b1c-7d2e-8f30-4a5b6c7d8e9f' } },
  },
  'POST /friends/requests/:id/accept': {
    summary: 'Accept a friend request',
    notes: 'Opens the direct room of the two. Once more answers the same.',
    answers: { 200: friendAnswer },
    errors: ['conflict'],
  },
  'POST /friends/requests/:id/reject': {
    summary: 'Reject a friend request',
    answers: { 204: null },
    errors: ['conflict'],
  },
  'DELETE /friends/requests/:id': {
    summary: 'Take a friend request back',
    answers: { 204: null },
    errors: ['conflict'],
  },
  'GET /blocks': { summary: 'List blocked people', answers: { 200: revisedPage(blockSchema) } },
  'PUT /blocks/:userId': {
    summary: 'Block somebody',
    notes: 'Ends a friendship and open requests. They are not told. Once more changes nothing.',
    answers: { 204: null },
    errors: ['invalid_request'],
  },
  'DELETE /blocks/:userId': { summary: 'Unblock somebody', answers: { 204: null } },
});
