import { z } from 'zod';
import type { LogIn, Refresh, SignUp } from '@co-talk/sdk/protocol';
import { Answer, type Routes } from '../http.ts';
import { cleanText, validator } from '../validate.ts';
import { logIn, signUp } from './auth.ts';
import { appOfRefreshToken, endSession, listSessions, logOut, refresh } from './sessions.ts';

/** Generous: what an address, a nickname and a password may be is for the actions to say. */
const FORM_MAX = 1000;

const app = cleanText(64);
const form = cleanText(FORM_MAX);
const signUpBody: z.ZodType<SignUp> = z.strictObject({ app, email: form, password: form, nickname: form });
const logInBody: z.ZodType<LogIn> = z.strictObject({ app, email: form, password: form });
const refreshBody: z.ZodType<Refresh> = z.strictObject({ refreshToken: cleanText(FORM_MAX) });

export function authRoutes(routes: Routes): void {
  routes.open('post', '/auth/signup', { body: validator(signUpBody) }, appOf, async (ctx, { body, userAgent }) => {
    return new Answer(201, await signUp(ctx, body, userAgent));
  });
  routes.open('post', '/auth/login', { body: validator(logInBody) }, appOf, (ctx, { body, userAgent }) =>
    logIn(ctx, body, userAgent),
  );
  routes.open(
    'post',
    '/auth/refresh',
    { body: validator(refreshBody) },
    ({ body }, em) => appOfRefreshToken(em, body),
    (ctx, { body }) => refresh(ctx, body),
  );
  routes.on('post', '/auth/logout', {}, (ctx, actor) => logOut(ctx, actor));
  routes.on('get', '/me/sessions', {}, (ctx, actor) => listSessions(ctx, actor));
  routes.on('delete', '/me/sessions/:id', {}, (ctx, actor, { params }) => endSession(ctx, actor, params.id));
}

const appOf = ({ body }: { body: { app: string } }): string => body.app;
