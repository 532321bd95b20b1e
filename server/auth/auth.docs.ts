import { refreshed, sessionInfo, signedIn } from '../openapi/auth-schemas.ts';
import { docs } from '../openapi/docs.ts';
import { page } from '../openapi/wire.ts';

const headers = {
  'X-Co-Talk-Session':
    "`cookie`: the refresh token goes into an `HttpOnly` cookie instead of the answer. For origins that are themselves on the app's list; requests carry credentials.",
};

export const authDocs = docs(
  'Signing in',
  'Accounts, guests, people of the host site, and the devices they are signed in on.',
  {
    'POST /auth/signup': {
      summary: 'Open an account',
      notes:
        'With an e-mail address and a password; signs in. `errors` names every field that is wrong. With `email_unverified` the account is open, and waits for the link in the mail.',
      headers,
      answers: { 201: signedIn },
      errors: [
        'sign_in_disabled',
        'invalid_email',
        'invalid_nickname',
        'weak_password',
        'email_taken',
        'nickname_taken',
        'email_unverified',
        'not_available',
      ],
      body: {
        name: 'SignUp',
        example: { app: 'default', email: 'ada@example.com', password: 'kettle-on-the-hob', nickname: 'Ada' },
      },
    },
    'POST /auth/login': {
      summary: 'Sign in',
      notes: 'An unknown address, a wrong password and a disabled account answer alike, in the same time.',
      headers,
      answers: { 200: signedIn },
      errors: ['unauthenticated', 'sign_in_disabled', 'email_unverified', 'not_available'],
      body: { name: 'LogIn', example: { app: 'default', email: 'ada@example.com', password: 'kettle-on-the-hob' } },
    },
    'POST /auth/guest': {
      summary: 'Sign in as a guest',
      notes: 'Where the app lets guests in.',
      headers,
      answers: { 201: signedIn },
      errors: ['sign_in_disabled', 'invalid_nickname'],
      body: { name: 'GuestSignIn', example: { app: 'default', nickname: 'Ada' } },
    },
    'POST /auth/exchange': {
      summary: "Sign in by the host site's word",
      notes: "Exchanges a token that the site's own server has signed for a session. Makes the user on first sight.",
      headers,
      answers: { 200: signedIn },
      errors: ['unauthenticated', 'token_expired', 'sign_in_disabled'],
      body: { name: 'Exchange', example: { app: 'default', userToken: 'eyJhbGciOiJFZERTQSIs…' } },
    },
    'POST /me/upgrade': {
      summary: 'Make a guest an account',
      notes: 'With the same id, friends, rooms and messages.',
      headers,
      answers: { 200: signedIn },
      errors: [
        'conflict',
        'sign_in_disabled',
        'invalid_email',
        'invalid_nickname',
        'weak_password',
        'email_taken',
        'nickname_taken',
      ],
      body: {
        name: 'Upgrade',
        example: { email: 'ada@example.com', password: 'kettle-on-the-hob', nickname: 'Ada' },
      },
    },
    'POST /auth/refresh': {
      summary: 'Renew the tokens',
      notes:
        'Both tokens change. The refresh token that was used is accepted until its successor is, and 60 s after; an older one ends the session. With a cookie: the `sessionId` whose cookie it is, instead of the token.',
      headers,
      answers: { 200: refreshed },
      errors: ['session_ended'],
      body: { name: 'Refresh', example: { refreshToken: 'Q2hhbmdlcyB3aXRoIGV2ZXJ5IHVzZQ' } },
    },
    'POST /auth/logout': {
      summary: 'Sign out',
      notes: 'Ends the session of this device. Its sockets are closed on every node.',
      headers,
      answers: { 204: null },
    },
    'GET /me/sessions': {
      summary: 'List the signed-in devices',
      answers: { 200: page(sessionInfo) },
    },
    'POST /auth/password/forgot': {
      summary: 'Ask for a mail to choose a new password',
      notes: 'The answer says nothing about whether there is such an account.',
      answers: { 202: null },
      errors: ['invalid_email', 'not_available'],
      body: { name: 'ForgotPassword', example: { app: 'default', email: 'ada@example.com' } },
    },
    'POST /auth/password/reset': {
      summary: 'Choose a new password',
      notes: 'With the token of the mail. Signs all devices out.',
      answers: { 204: null },
      errors: ['not_found', 'weak_password'],
      body: { name: 'ResetPassword', example: { token: 'b25jZQ', password: 'kettle-on-the-hob' } },
    },
    'POST /auth/email/verify': {
      summary: 'Confirm the e-mail address',
      notes: 'With the token of the mail.',
      answers: { 204: null },
      errors: ['not_found'],
      body: { name: 'VerifyEmail', example: { token: 'b25jZQ' } },
    },
    'POST /me/email/verification': {
      summary: 'Ask for a mail to confirm the address',
      answers: { 202: null },
      errors: ['conflict', 'not_available'],
    },
    'DELETE /me/sessions/:id': { summary: 'Sign a device out', answers: { 204: null } },
  },
);
