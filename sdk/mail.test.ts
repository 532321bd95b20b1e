import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, startTestApp, type TestApp } from '../server/testing.ts';
import { startSmtp, tokenIn, type Smtp } from '../server/testing-mail.ts';

let app: TestApp;
let smtp: Smtp;
beforeAll(async () => {
  smtp = await startSmtp();
  app = await startTestApp({ SMTP_URL: `smtp://127.0.0.1:${String(smtp.port)}`, MAIL_FROM: 'chat@mail.example.com' });
});
afterAll(async () => {
  await app.close();
  await smtp.close();
});

const tokenTo = async (email: string, page: string, place = 0) =>
  tokenIn(await eventually(() => smtp.to(email).filter(({ text }) => text?.includes(`/account/${page}`))[place]));

test('an address is confirmed, and every device of the user knows', async () => {
  const mina = await app.signUp();
  const phone = await app.logIn(mina);
  await mina.client.auth.sendVerification();
  await mina.client.auth.verifyEmail(await tokenTo(mina.email, 'verify', 1));
  for (const { auth } of [mina.client, phone]) await eventually(() => auth.store.get().me?.emailVerified);
  await expect(mina.client.auth.sendVerification()).rejects.toMatchObject({ code: 'conflict' });
  await expect(mina.client.auth.verifyEmail('guessed')).rejects.toMatchObject({ code: 'not_found' });
});

test('a forgotten password is replaced, and every device signed out', async () => {
  const mina = await app.signUp();
  const phone = await app.logIn(mina);
  await mina.client.auth.forgotPassword({ email: mina.email });
  const token = await tokenTo(mina.email, 'reset');
  await expect(phone.auth.resetPassword({ token, password: 'password1' })).rejects.toMatchObject({
    code: 'weak_password',
  });
  await phone.auth.resetPassword({ token, password: 'a much better donkey' });
  for (const { auth } of [mina.client, phone]) await eventually(() => auth.store.get().status === 'signed-out');
  const me = await phone.auth.logIn({ email: mina.email, password: 'a much better donkey' });
  expect(me.emailVerified).toBe(true);
  await expect(phone.auth.resetPassword({ token, password: 'once more, please' })).rejects.toMatchObject({
    code: 'not_found',
    retryable: false,
  });
  await expect(phone.auth.forgotPassword({ email: 'nobody' })).rejects.toMatchObject({ code: 'invalid_email' });
});

test('the app says whether it can', async () => {
  const mina = await app.signUp();
  expect((await mina.client.config()).signIn.passwordReset).toBe(true);
});
