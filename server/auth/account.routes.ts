import { z } from 'zod';
import type { ForgotPassword, ResetPassword, VerifyEmail } from '@co-talk/sdk/protocol';
import { Answer, type Routes } from '../http.ts';
import { languageOf } from '../mail/texts.ts';
import { appOfToken } from '../mail/tokens.ts';
import { cleanText, validator } from '../validate.ts';
import { DOING_VERIFY, sendVerification, verifyEmail } from './email-verification.ts';
import { DOING_RESET, forgotPassword, resetPassword } from './password-reset.ts';

/** Generous: what an address and a password may be is for the actions to say. */
const FORM_MAX = 1000;
const TOKEN_MAX = 200;

const token = cleanText(TOKEN_MAX);
const forgotBody: z.ZodType<ForgotPassword> = z.strictObject({ app: cleanText(64), email: cleanText(FORM_MAX) });
const resetBody: z.ZodType<ResetPassword> = z.strictObject({ token, password: cleanText(FORM_MAX) });
const verifyBody: z.ZodType<VerifyEmail> = z.strictObject({ token });

/** What works by mail: a new password, and the proof that an address is one's own. */
export function accountRoutes(routes: Routes): void {
  routes.open(
    'post',
    '/auth/password/forgot',
    { body: validator(forgotBody) },
    ({ body }) => body.app,
    async (ctx, { body, header }) => {
      await forgotPassword(ctx, body, languageOf(header));
      return new Answer(202);
    },
  );
  routes.open(
    'post',
    '/auth/password/reset',
    { body: validator(resetBody) },
    ({ body }, em) => appOfToken(em, DOING_RESET, 'forgot', body.token),
    (ctx, { body, header }) => resetPassword(ctx, body, languageOf(header)),
  );
  routes.open(
    'post',
    '/auth/email/verify',
    { body: validator(verifyBody) },
    ({ body }, em) => appOfToken(em, DOING_VERIFY, 'verify', body.token),
    (ctx, { body }) => verifyEmail(ctx, body),
  );
  routes.on('post', '/me/email/verification', {}, async (ctx, actor, { header }) => {
    await sendVerification(ctx, actor, languageOf(header));
    return new Answer(202);
  });
}
