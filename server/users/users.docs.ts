import { docs } from '../openapi/docs.ts';
import { foundUser, me, user } from '../openapi/user-schemas.ts';
import { page } from '../openapi/wire.ts';

export const userDocs = docs('People', 'The signed-in user, and the others of the app.', {
  'GET /me': { summary: 'Read the own profile', answers: { 200: me } },
  'PATCH /me': {
    summary: 'Change the own profile',
    notes: 'Friends, and those one has a direct room with, see it at once.',
    answers: { 200: me },
    errors: ['forbidden', 'invalid_nickname', 'nickname_taken'],
    body: { name: 'UpdateMe', example: { nickname: 'Ada', about: 'Makes the kettles sing' } },
  },
  'PUT /me/avatar': {
    summary: 'Upload the own picture',
    notes:
      'A JPEG, PNG or WebP picture of at most 256 KB and 4096 × 4096 pixels. What is kept is a square of 256 pixels, drawn anew: place, camera and whatever else was in the file are gone.',
    answers: { 200: me },
    errors: ['forbidden'],
  },
  'DELETE /me/avatar': { summary: 'Remove the own picture', answers: { 200: me }, errors: ['forbidden'] },
  'GET /users': {
    summary: 'Search people',
    notes:
      'By a part of the nickname or, from 3 characters on, of the e-mail address before its `@`. Never oneself, and nobody who has blocked the one who asks.',
    answers: { 200: page(foundUser) },
  },
  'GET /users/:id': { summary: 'Read a profile', answers: { 200: user } },
});
