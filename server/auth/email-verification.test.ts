import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Me, MeEvent, Problem, SignedIn } from '@co-talk/sdk/protocol';
import { eventually, next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { startSmtp, tokenIn, type Arrived, type Smtp } from '../testing-mail.ts';

const PASSWORD = 'correct horse battery staple';

let app: TestApp;
let smtp: Smtp;
beforeAll(async () => {
  smtp = await startSmtp();
  app = await startTestApp({
    SMTP_URL: `smtp://127.0.0.1:${String(smtp.port)}`,
    MAIL_FROM: 'Chat <chat@mail.example.com>',
    PUBLIC_URL: 'https://chat.example.com',
  });
  const em = app.db.orm.em.fork();
  await em.execute(`insert into apps (id, name, origins, no_origin, settings) values
    ('strict', 'Strict', '{}', true, '{"requireVerifiedEmail": true}'), ('another', 'Another', '{}', true, '{}')`);
});
afterAll(async () => {
  await app.close();
  await smtp.close();
});

const post = (path: string, body?: unknown, token?: string) =>
  app.request<Problem & SignedIn>('POST', path, {
    ...(body === undefined ? {} : { body }),
    ...(token === undefined ? {} : { token }),
  });
const verify = (token: string) => post('/auth/email/verify', { token });
const sendAgain = (person: RawPerson) => post('/me/email/verification', undefined, person.token);
const me = async (person: RawPerson) => (await app.request<Me>('GET', '/me', { token: person.token })).body;
const mailsTo = (email: string | null) => smtp.to(email ?? '').filter(({ text }) => text?.includes('/account/verify'));
const mailTo = (email: string | null, place = 0): Promise<Arrived> => eventually(() => mailsTo(email)[place]);
const queueEmpty = () =>
  eventually(async () => (await app.db.orm.em.fork().execute('select 1 from mails')).length === 0);

describe('confirming an address', () => {
  test('a link goes out on sign-up; pressing it turns the address verified on all devices', async () => {
    const ada = await app.signUpRaw();
    expect(ada.user.emailVerified).toBe(false);
    const token = tokenIn(await mailTo(ada.user.email));
    const socket = await app.connect(ada.token);
    const heard = next<MeEvent>(socket, 'me');
    const answer = await verify(token);
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    const now = await me(ada);
    expect(now.emailVerified).toBe(true);
    // The old snapshot and the event make what a fresh fetch says.
    const event = await heard;
    expect(event).toEqual({ rev: now.rev, change: 'profile', item: now });
  });

  test('following the link alone does nothing: mail scanners do', async () => {
    const ada = await app.signUpRaw();
    const token = tokenIn(await mailTo(ada.user.email));
    for (const method of ['GET', 'HEAD']) {
      const page = await fetch(`${app.url}/account/verify#token=${token}`, { method });
      expect(page.status).toBe(200);
    }
    expect((await app.request('GET', `/auth/email/verify?token=${token}`)).status).toBe(404);
    expect((await me(ada)).emailVerified).toBe(false);
  });

  test('pressing twice is no failure, and is told once', async () => {
    const ada = await app.signUpRaw();
    const token = tokenIn(await mailTo(ada.user.email));
    const statuses = await Promise.all([verify(token), verify(token), verify(token)]);
    expect(statuses.map(({ status }) => status)).toEqual([204, 204, 204]);
    const { rev } = await me(ada);
    expect(rev).toBe(ada.user.rev + 1);
  });

  test('a link that has expired, belongs to another address, or to a disabled user says so', async () => {
    const em = app.db.orm.em.fork();
    for (const sql of [
      "update mail_tokens set expires_at = now() - interval '1 second' where user_id = ?",
      "update users set email_key = id || '@example.com' where id = ?",
      'update users set disabled_at = now() where id = ?',
    ]) {
      const ada = await app.signUpRaw();
      const token = tokenIn(await mailTo(ada.user.email));
      await em.execute(sql, [ada.user.id]);
      expect((await verify(token)).body).toMatchObject({ status: 404, code: 'not_found' });
      const [row] = await em.execute<{ v: boolean }[]>('select email_verified as v from users where id = ?', [
        ada.user.id,
      ]);
      expect(row?.v).toBe(false);
    }
    expect((await verify('A'.repeat(43))).body.code).toBe('not_found');
  });

  test('confirms nothing in another app where somebody has the same address', async () => {
    const here = await app.signUpRaw();
    const account = { email: here.user.email, password: PASSWORD, nickname: 'the same' };
    const there = await post('/auth/signup', { app: 'another', ...account });
    const mails = await eventually(() => (mailsTo(here.user.email).length === 2 ? mailsTo(here.user.email) : null));
    const first = mails.find(({ subject }) => !subject?.includes('Another'));
    expect((await verify(tokenIn(first))).status).toBe(204);
    expect((await me(here)).emailVerified).toBe(true);
    const other = await app.request<Me>('GET', '/me', { token: there.body.session.accessToken });
    expect(other.body.emailVerified).toBe(false);
  });
});

describe('having it sent again', () => {
  test('works until the address is confirmed', async () => {
    const ada = await app.signUpRaw();
    const first = tokenIn(await mailTo(ada.user.email));
    expect((await sendAgain(ada)).status).toBe(202);
    const second = tokenIn(await mailTo(ada.user.email, 1));
    expect(second).not.toBe(first);
    expect((await verify(first)).status).toBe(204);
    expect((await sendAgain(ada)).body).toMatchObject({ status: 409, code: 'conflict' });
  });

  test('is limited to five mails in an hour, however fast', async () => {
    const ada = await app.signUpRaw();
    const answers = await Promise.all(Array.from({ length: 8 }, () => sendAgain(ada)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(4);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body.code).toBe('rate_limited');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    await queueEmpty();
    expect(mailsTo(ada.user.email)).toHaveLength(5);
  });

  test('is for accounts', async () => {
    const guest = await post('/auth/guest', { app: 'default' });
    const { body } = await post('/me/email/verification', undefined, guest.body.session.accessToken);
    expect(body.code).toBe('conflict');
    expect((await post('/me/email/verification')).body.code).toBe('unauthenticated');
  });

  test('a guest who opens an account gets one, too', async () => {
    const guest = await post('/auth/guest', { app: 'default' });
    const email = `${randomUUID()}@example.com`;
    const account = { email, password: PASSWORD, nickname: randomUUID().slice(0, 12) };
    expect((await post('/me/upgrade', account, guest.body.session.accessToken)).status).toBe(200);
    expect((await verify(tokenIn(await mailTo(email)))).status).toBe(204);
  });
});

describe('an app that lets in only those with a confirmed address', () => {
  const someone = () => ({
    ...{ app: 'strict', email: `${randomUUID()}@example.com`, password: PASSWORD, nickname: randomUUID().slice(0, 12) },
  });

  test('opens the account, mails the link, and lets in after that', async () => {
    const account = someone();
    const opened = await post('/auth/signup', account);
    expect(opened.body).toMatchObject({ status: 403, code: 'email_unverified', retryable: false });
    expect(JSON.stringify(opened.body)).not.toContain('Token');
    const credentials = { app: 'strict', email: account.email, password: PASSWORD };
    expect((await post('/auth/login', credentials)).body.code).toBe('email_unverified');
    // Trying to sign in has another one sent.
    const mail = await mailTo(account.email, 1);
    expect((await verify(tokenIn(mail))).status).toBe(204);
    const inside = await post('/auth/login', credentials);
    expect([inside.status, inside.body.user.emailVerified]).toEqual([200, true]);
  });

  test('tells nobody without the password that there is such an account', async () => {
    const account = someone();
    await post('/auth/signup', account);
    const wrong = await post('/auth/login', { app: 'strict', email: account.email, password: 'not the password' });
    const unknown = await post('/auth/login', { app: 'strict', email: 'nobody@example.com', password: PASSWORD });
    expect([wrong.status, wrong.body]).toEqual([401, unknown.body]);
    await queueEmpty();
    expect(mailsTo(account.email)).toHaveLength(1);
  });

  test('gives an address that a stranger has signed up with to whoever reads its mail', async () => {
    const stranger = someone();
    await post('/auth/signup', stranger);
    expect((await post('/auth/password/forgot', { app: 'strict', email: stranger.email })).status).toBe(202);
    const mail = await eventually(() => smtp.to(stranger.email).find(({ text }) => text?.includes('/account/reset')));
    const password = 'the owner of the address';
    expect((await post('/auth/password/reset', { token: tokenIn(mail), password })).status).toBe(204);
    expect((await post('/auth/login', { app: 'strict', email: stranger.email, password })).status).toBe(200);
    expect((await post('/auth/login', { app: 'strict', email: stranger.email, password: PASSWORD })).status).toBe(401);
  });

  test('leaves those in who are in when it is switched on', async () => {
    const ada = await app.signUpRaw(undefined, 'another');
    const em = app.db.orm.em.fork();
    await em.execute(`update apps set settings = '{"requireVerifiedEmail": true}' where id = 'another'`);
    try {
      await eventually(async () => (await post('/auth/signup', { ...someone(), app: 'another' })).status === 403);
      expect((await app.request('GET', '/me', { token: ada.token })).status).toBe(200);
      expect((await post('/auth/refresh', { refreshToken: ada.refreshToken })).status).toBe(200);
    } finally {
      await em.execute(`update apps set settings = '{}' where id = 'another'`);
    }
  });
});
