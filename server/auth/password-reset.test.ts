import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem, SignedIn } from '@co-talk/sdk/protocol';
import { eventually, next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { startSmtp, tokenIn, type Arrived, type Smtp } from '../testing-mail.ts';

const PASSWORD = 'correct horse battery staple';
const BETTER = 'a much better donkey';
const ORIGIN = 'https://chat.example.com';

let app: TestApp;
let smtp: Smtp;
beforeAll(async () => {
  smtp = await startSmtp();
  app = await startTestApp({
    SMTP_URL: `smtp://127.0.0.1:${String(smtp.port)}`,
    MAIL_FROM: 'chat@mail.example.com',
    PUBLIC_URL: ORIGIN,
  });
  const em = app.db.orm.em.fork();
  await em.execute("insert into apps (id, name, origins, no_origin) values ('another', 'Another', '{}', true)");
});
afterAll(async () => {
  await app.close();
  await smtp.close();
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  app.request<Problem & SignedIn>('POST', path, { body, headers });
const forgot = (email: string, to = 'default', headers: Record<string, string> = {}) =>
  post('/auth/password/forgot', { app: to, email }, headers);
const reset = (token: string, password = BETTER) => post('/auth/password/reset', { token, password });
const logIn = (email: string | null, password: string, to = 'default') =>
  post('/auth/login', { app: to, email, password });
const emailOf = (person: RawPerson) => person.user.email ?? '';
const mailsTo = (person: RawPerson, subject: RegExp) =>
  smtp.to(emailOf(person)).filter((mail) => subject.test(mail.subject ?? ''));
const RESET = /new password/;

/** A link that somebody got after asking for it. */
async function askedLink(person: RawPerson, to = 'default'): Promise<string> {
  const before = mailsTo(person, RESET).length;
  expect((await forgot(emailOf(person), to)).status).toBe(202);
  return tokenIn(await eventually(() => mailsTo(person, RESET)[before]));
}

/** Long enough for whatever is still to be mailed. */
async function nothingMore(): Promise<void> {
  await eventually(async () => (await app.db.orm.em.fork().execute('select 1 from mails')).length === 0);
}

describe('asking for a link', () => {
  test('mails one to the account, to the address of the server and no other', async () => {
    const ada = await app.signUpRaw();
    const forged = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    expect((await forgot(` ${emailOf(ada).toUpperCase()}`, 'default', forged)).status).toBe(202);
    const mail = await eventually(() => mailsTo(ada, RESET)[0]);
    const links = [mail.text, mail.html].flatMap((part) => part?.match(/https?:\/\/[^\s"<]+/g) ?? []);
    expect(links.length).toBeGreaterThanOrEqual(3);
    for (const link of links) expect(new URL(link).origin).toBe(ORIGIN);
    const link = new URL(links[0] ?? '');
    expect([link.pathname, link.search]).toEqual(['/account/reset', '']);
    expect(link.hash).toContain('token=');
    expect(mail.raw).not.toContain('evil.example');
    expect(mail.recipients).toEqual([emailOf(ada)]);
  });

  test('answers alike whoever asks about whom, and mails only those who have an account here', async () => {
    const [known, disabled, foreigner] = await Promise.all([
      app.signUpRaw(),
      app.signUpRaw(),
      app.signUpRaw('far away', 'another'),
    ]);
    const em = app.db.orm.em.fork();
    await em.execute('update users set disabled_at = now() where id = ?', [disabled.user.id]);
    await em.execute(
      `insert into users (id, app_id, kind, external_id, nickname, nickname_key, email, email_key, created_at)
       values (gen_random_uuid(), 'default', 'host', 'h1', 'Host', 'host', 'host@example.com', 'host@example.com', now())`,
    );
    await nothingMore();
    const before = smtp.arrived.length;
    const asked = [emailOf(known), 'nobody@example.com', emailOf(disabled), 'host@example.com', emailOf(foreigner)];
    const answers = [];
    for (const email of asked) answers.push(await forgot(email));
    for (const { status, body, headers } of answers) {
      expect([status, body]).toEqual([202, undefined]);
      expect([...headers.keys()]).toEqual([...(answers[0]?.headers.keys() ?? [])]);
    }
    await nothingMore();
    expect(smtp.arrived.slice(before).flatMap(({ recipients }) => recipients)).toEqual([emailOf(known)]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no address at all', { email: 'nobody' }, 'invalid_email'],
    ['two addresses', { email: 'a@example.com,b@example.com' }, 'invalid_email'],
    ['a header of its own', { email: 'a@example.com\r\nBcc: b@example.com' }, 'invalid_email'],
    ['an array', { email: ['a@example.com'] }, 'invalid_request'],
    ['an unknown field', { email: 'a@example.com', host: 'evil.example' }, 'invalid_request'],
    ['an unknown app', { email: 'a@example.com', app: 'nobody' }, 'app_unknown'],
  ])('with %s is refused', async (_name, changes, code) => {
    const { body } = await post('/auth/password/forgot', { app: 'default', ...changes });
    expect(body.code).toBe(code);
  });

  test('fills nobody’s mailbox', async () => {
    const victim = await app.signUpRaw();
    await Promise.all(Array.from({ length: 12 }, () => forgot(emailOf(victim))));
    await nothingMore();
    expect(mailsTo(victim, RESET)).toHaveLength(5);
    expect((await forgot(emailOf(victim))).status).toBe(202);
    await nothingMore();
    expect(mailsTo(victim, RESET)).toHaveLength(5);
  });

  test('keeps neither a token nor what a mail says', async () => {
    const ada = await app.signUpRaw();
    const token = await askedLink(ada);
    const em = app.db.orm.em.fork();
    const rows = await em.execute<object[]>('select * from mail_tokens where user_id = ?', [ada.user.id]);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
    await nothingMore();
  });
});

describe('using a link', () => {
  test('sets the password, ends every session, closes their sockets and tells the user', async () => {
    const ada = await app.signUpRaw();
    const second = await logIn(emailOf(ada), PASSWORD);
    const sockets = await Promise.all([app.connect(ada.token), app.connect(second.body.session.accessToken)]);
    const ends = sockets.map((socket) => next<{ reason: string }>(socket, 'session:ended'));
    const token = await askedLink(ada);
    const answer = await reset(token);
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    expect(await Promise.all(ends)).toEqual([{ reason: 'revoked' }, { reason: 'revoked' }]);
    for (const dead of [ada.token, second.body.session.accessToken]) {
      expect((await app.request<Problem>('GET', '/me', { token: dead })).body.code).toBe('session_ended');
    }
    expect((await post('/auth/refresh', { refreshToken: ada.refreshToken })).body.code).toBe('session_ended');
    expect((await logIn(emailOf(ada), PASSWORD)).body.code).toBe('unauthenticated');
    const back = await logIn(emailOf(ada), BETTER);
    expect(back.status).toBe(200);
    // Who can read the mails of an address has it.
    expect(back.body.user.emailVerified).toBe(true);
    const notice = await eventually(() => mailsTo(ada, /was changed/)[0]);
    expect(notice.text).not.toContain('http');
    // They come in one order, so whatever could still end the new session has been read by now.
    await sleep(1_500);
    expect((await app.request('GET', '/me', { token: back.body.session.accessToken })).status).toBe(200);
  });

  test('works once, and makes the others of the same user useless', async () => {
    const ada = await app.signUpRaw();
    const [first, second] = [await askedLink(ada), await askedLink(ada)];
    expect(first).not.toBe(second);
    expect((await reset(first)).status).toBe(204);
    for (const token of [first, second]) {
      expect((await reset(token, 'yet another donkey')).body).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect((await logIn(emailOf(ada), BETTER)).status).toBe(200);
  });

  test('works once, however many press at the same moment', async () => {
    const ada = await app.signUpRaw();
    const token = await askedLink(ada);
    const tries = await Promise.all(
      Array.from({ length: 6 }, (_, place) => reset(token, `donkey of try ${String(place)}`)),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404, 404]);
    const winner = tries.findIndex(({ status }) => status === 204);
    expect((await logIn(emailOf(ada), `donkey of try ${String(winner)}`)).status).toBe(200);
  });

  test('works for thirty minutes', async () => {
    const ada = await app.signUpRaw();
    const token = await askedLink(ada);
    const em = app.db.orm.em.fork();
    const age = (minutes: number) =>
      em.execute(
        `update mail_tokens set created_at = created_at - make_interval(mins => ?), expires_at = expires_at - make_interval(mins => ?)
         where user_id = ? and kind = 'forgot'`,
        [minutes, minutes, ada.user.id],
      );
    await age(29);
    expect((await reset(token, 'short')).body.code).toBe('weak_password');
    await age(1);
    expect((await reset(token)).body.code).toBe('not_found');
    expect((await logIn(emailOf(ada), PASSWORD)).status).toBe(200);
  });

  test('a weak password is refused, and the link stays good', async () => {
    const ada = await app.signUpRaw('Ada of the reset');
    const token = await askedLink(ada);
    for (const weak of ['short', 'password1', 'x'.repeat(129), emailOf(ada), 'Ada of the reset']) {
      const { status, body } = await reset(token, weak);
      expect([weak, status, body.code, body.errors?.[0]?.path]).toEqual([weak, 400, 'weak_password', 'password']);
    }
    expect((await reset(token)).status).toBe(204);
  });

  test('says nothing to those who guess, and nothing else than to those who come too late', async () => {
    const ada = await app.signUpRaw();
    const used = await askedLink(ada);
    await reset(used);
    const late = await reset(used);
    for (const guess of ['x', 'A'.repeat(43), `${used}x`, '../../etc/passwd', '']) {
      expect([guess, (await reset(guess)).body]).toEqual([guess, late.body]);
    }
    expect((await post('/auth/password/reset', { token: { $ne: null }, password: BETTER })).body.code).toBe(
      'invalid_request',
    );
    expect((await post('/auth/password/reset', { token: used, password: BETTER, userId: ada.user.id })).body.code).toBe(
      'invalid_request',
    );
  });

  test('changes nobody else, though they have the same address in another app', async () => {
    const here = await app.signUpRaw();
    const there = await post('/auth/signup', {
      ...{ app: 'another', email: emailOf(here), password: PASSWORD, nickname: 'same address' },
    });
    const bystander = await app.signUpRaw();
    const token = await askedLink(here);
    expect((await reset(token)).status).toBe(204);
    expect((await logIn(emailOf(here), PASSWORD, 'another')).status).toBe(200);
    expect((await logIn(emailOf(bystander), PASSWORD)).status).toBe(200);
    for (const token of [there.body.session.accessToken, bystander.token])
      expect((await app.request('GET', '/me', { token })).status).toBe(200);
  });

  test('is refused on pages that may not use its app', async () => {
    const foreigner = await app.signUpRaw('far from here', 'another');
    const token = await askedLink(foreigner, 'another');
    const body = { token, password: BETTER };
    const elsewhere = await post('/auth/password/reset', body, { origin: 'https://evil.example' });
    expect(elsewhere.body.code).toBe('origin_not_allowed');
    expect((await post('/auth/password/reset', body, { origin: ORIGIN })).status).toBe(204);
  });

  test.each([
    ['is disabled', 'update users set disabled_at = now() where id = ?'],
    ['has another address', "update users set email_key = id || '@example.com' where id = ?"],
    ['is no account any more', "update users set kind = 'host' where id = ?"],
  ])('of a user who %s meanwhile is useless', async (_name, sql) => {
    const ada = await app.signUpRaw();
    const token = await askedLink(ada);
    await app.db.orm.em.fork().execute(sql, [ada.user.id]);
    expect((await reset(token)).body.code).toBe('not_found');
  });

  test('a link for something else does not do', async () => {
    const ada = await app.signUpRaw();
    const mail: Arrived = await eventually(() => mailsTo(ada, /Confirm/)[0]);
    expect((await reset(tokenIn(mail))).body.code).toBe('not_found');
    const token = await askedLink(ada);
    expect((await post('/auth/email/verify', { token })).body.code).toBe('not_found');
  });

  test('a log-in with the old password that was under way does not outlive it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const ada = await app.signUpRaw();
      const token = await askedLink(ada);
      const [answer, ...logIns] = await Promise.all([
        reset(token),
        ...Array.from({ length: 4 }, () => logIn(emailOf(ada), PASSWORD)),
      ]);
      expect(answer.status).toBe(204);
      for (const { status, body } of logIns) {
        if (status !== 200) continue;
        const me = await app.request<Problem>('GET', '/me', { token: body.session.accessToken });
        expect(me.body.code).toBe('session_ended');
      }
    }
  });
});
