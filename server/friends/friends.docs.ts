import { docs } from '../openapi/docs.ts';
import { block, friend, friendAnswer, friendRequest } from '../openapi/user-schemas.ts';
import { revisedPage } from '../openapi/wire.ts';

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
  'GET /blocks': { summary: 'List blocked people', answers: { 200: revisedPage(block) } },
  'PUT /blocks/:userId': {
    summary: 'Block somebody',
    notes: 'Ends a friendship and open requests. They are not told. Once more changes nothing.',
    answers: { 204: null },
    errors: ['invalid_request'],
  },
  'DELETE /blocks/:userId': { summary: 'Unblock somebody', answers: { 204: null } },
});
