import { z } from 'zod';
import {
  LIMITS,
  type Exchange,
  type GuestSignIn,
  type LogIn,
  type Refresh,
  type RefreshByCookie,
  type SignedIn,
  type SignUp,
  type Upgrade,
} from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { Answer, type Routes } from '../http.ts';
import { languageOf } from '../mail/texts.ts';
import { refreshed, sessionInfo, signedIn } from '../openapi/auth-schemas.ts';
import { docs } from '../openapi/docs.ts';
import { page } from '../openapi/wire.ts';
import { cleanText, id, validator } from '../validate.ts';
import { logIn, signUp } from './auth.ts';
import { exchange } from './exchange.ts';
import { signInAsGuest, upgrade } from './guests.ts';
import type { HostKeys } from './host-keys.ts';
import { forgetCookie, keeper, withCookie, type Header } from './session-cookie.ts';
import { appOfRefreshToken, appOfSession, endSession, listSessions, logOut, refresh } from './sessions.ts';

/** Generous: what an address, a nickname and a password may be is for the actions to say. */
const FORM_MAX = 1000;

const app = cleanText(64);
const form = cleanText(FORM_MAX);
const signUpBody: z.ZodType<SignUp> = z.strictObject({ app, email: form, password: form, nickname: form });
const logInBody: z.ZodType<LogIn> = z.strictObject({
  ...{ app, email: form, password: form },
  device: cleanText(FORM_MAX).optional(),
});
const exchangeBody: z.ZodType<Exchange> = z.strictObject({ app, userToken: cleanText(LIMITS.userTokenMax) });
const guestBody: z.ZodType<GuestSignIn> = z.strictObject({ app, nickname: form.optional() });
const upgradeBody: z.ZodType<Upgrade> = z.strictObject({ email: form, password: form, nickname: form });
const refreshBody: z.ZodType<Refresh | RefreshByCookie> = z.union(
  [z.strictObject({ refreshToken: form }), z.strictObject({ sessionId: id })],
  { error: 'it must have a refreshToken, or the sessionId whose cookie has it, and nothing else' },
);

export function authRoutes(routes: Routes, hostKeys: HostKeys): void {
  routes.open(
    'post',
    '/auth/signup',
    { body: validator(signUpBody) },
    appOf,
    signingIn(201, (ctx, { body, userAgent, header }) => signUp(ctx, body, userAgent, languageOf(header))),
  );
  routes.open(
    'post',
    '/auth/login',
    { body: validator(logInBody) },
    appOf,
    signingIn(200, (ctx, { body, userAgent, header }) => logIn(ctx, body, userAgent, languageOf(header))),
  );
  routes.open(
    'post',
    '/auth/exchange',
    { body: validator(exchangeBody) },
    appOf,
    signingIn(200, (ctx, { body, userAgent }) => exchange(ctx, hostKeys, body, userAgent)),
  );
  routes.open(
    'post',
    '/auth/guest',
    { body: validator(guestBody) },
    appOf,
    signingIn(201, (ctx, { body, userAgent }) => signInAsGuest(ctx, body, userAgent)),
  );
  routes.on('post', '/me/upgrade', { body: validator(upgradeBody) }, async (ctx, actor, { body, header }) => {
    const keep = await keeper(ctx, header);
    return keep(200, await upgrade(ctx, actor, body, languageOf(header)));
  });
  routes.open(
    'post',
    '/auth/refresh',
    { body: validator(refreshBody) },
    ({ body }, em) => ('sessionId' in body ? appOfSession(em, body.sessionId) : appOfRefreshToken(em, body)),
    async (ctx, { body, header }) => {
      const keep = await keeper(ctx, header);
      if (!('sessionId' in body)) return keep(200, await refresh(ctx, body));
      const { sessionId } = body;
      return withCookie(ctx, header, sessionId, async (refreshToken) =>
        keep(200, await refresh(ctx, { refreshToken }, sessionId)),
      );
    },
  );
  routes.on('post', '/auth/logout', {}, async (ctx, actor, { header }) => {
    await logOut(ctx, actor);
    return new Answer(204, undefined, forgetCookie(ctx, header, actor.sessionId));
  });
  routes.on('get', '/me/sessions', {}, (ctx, actor) => listSessions(ctx, actor));
  routes.on('delete', '/me/sessions/:id', {}, (ctx, actor, { params }) => endSession(ctx, actor, params.id));
}

const appOf = ({ body }: { body: { app: string } }): string => body.app;

interface Asked<B> {
  body: B;
  userAgent: string | null;
  header: Header;
}

/** What starts a session, and puts its refresh token where the client wants it. */
function signingIn<B>(status: number, action: (ctx: Context, input: Asked<B>) => Promise<SignedIn>) {
  return async (ctx: Context, input: Asked<B>): Promise<Answer> => {
    const keep = await keeper(ctx, input.header);
    return keep(status, await action(ctx, input));
  };
}

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
