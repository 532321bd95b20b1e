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
