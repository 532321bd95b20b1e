import { once } from 'node:events';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Problem } from '@co-talk/sdk/protocol';
import { findPort } from '../bench/faults/server-node.ts';
import { eventually, startTestApp, type TestApp } from '../testing.ts';
import { startSmtp, tokenIn, type Smtp } from '../testing-mail.ts';

const FROM = 'chat@mail.example.com';
const smtpUrl = (port: number, more = '') => `smtp://127.0.0.1:${String(port)}${more}`;

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(smtp: Parameters<typeof startSmtp>[0] = {}, port = 0): Promise<Smtp> {
  const server = await startSmtp(smtp, port);
  open.push(server);
  return server;
}

async function startApp(env: Record<string, string>): Promise<TestApp> {
  const app = await startTestApp({ MAIL_FROM: FROM, ...env });
  open.push(app);
  return app;
}

const forgot = (app: TestApp, email: string | null) =>
  app.request<Problem>('POST', '/auth/password/forgot', { body: { app: 'default', email } });
interface Row {
  attempts: number;
  kind: string;
  wait: number;
}
const waiting = (app: TestApp) =>
  app.db.orm.em
    .fork()
    .execute<Row[]>('select attempts, kind, extract(epoch from due_at - now())::float as wait from mails');
/** What waits to be tried again is tried now. */
const hurry = (app: TestApp) => app.db.orm.em.fork().execute('update mails set due_at = now()');

describe('a mail server that is away', () => {
  test('gets the mail when it is back, later and later', async () => {
    const port = await findPort();
    const app = await startApp({ SMTP_URL: smtpUrl(port) });
    const ada = await app.signUpRaw();
    const [failed] = await eventually(async () => {
      const rows = await waiting(app);
      return rows[0]?.attempts === 1 && rows[0].wait < 30 ? rows : null;
    });
    expect(failed?.wait).toBeGreaterThan(2);
    await hurry(app);
    const [again] = await eventually(async () => {
      const rows = await waiting(app);
      return rows[0]?.attempts === 2 && rows[0].wait < 30 ? rows : null;
    });
    expect(again?.wait).toBeGreaterThan(failed?.wait ?? Infinity);
    const smtp = await start({}, port);
    await hurry(app);
    const mail = await eventually(() => smtp.to(ada.user.email ?? '')[0]);
    const body = { token: tokenIn(mail) };
    expect((await app.request('POST', '/auth/email/verify', { body })).status).toBe(204);
    await eventually(async () => (await waiting(app)).length === 0);
    expect(smtp.arrived).toHaveLength(1);
  });

  test('does not get what nobody needs any more', async () => {
    const port = await findPort();
    const app = await startApp({ SMTP_URL: smtpUrl(port) });
    const ada = await app.signUpRaw();
    await forgot(app, ada.user.email);
    await eventually(async () => (await waiting(app)).filter(({ attempts }) => attempts === 1).length === 2);
    await app.db.orm.em.fork().execute(`update mails set created_at = created_at - interval '70 minutes'`);
    await hurry(app);
    // Who waited for a new password has asked again; the confirmation goes on waiting.
    await eventually(async () => (await waiting(app)).map(({ kind }) => kind).join() === 'verify');
    await app.db.orm.em.fork().execute('update users set email_verified = true');
    const smtp = await start({}, port);
    await hurry(app);
    await eventually(async () => (await waiting(app)).length === 0);
    expect(smtp.arrived).toEqual([]);
  });

  test.each<[string, Parameters<typeof startSmtp>[0]]>([
    ['never says anything', { onConnect: () => undefined }],
    ['is busy', { onRcptTo: (_address, _session, done) => done(smtpError(451)) }],
    ['does not know us', { authOptional: false, onAuth: (_auth, _session, done) => done(smtpError(535)) }],
  ])('one that %s is tried again', async (_name, behaviour) => {
    const smtp = await start(behaviour);
    const app = await startApp({ SMTP_URL: smtpUrl(smtp.port) });
    await app.signUpRaw();
    const failed = async () => (await waiting(app)).some(({ attempts, wait }) => attempts === 1 && wait < 30);
    await eventually(failed, 18_000);
    expect(smtp.arrived).toEqual([]);
  });

  test('one that hangs up in the middle of a mail', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('220 here\r\n');
      socket.on('data', (said) => {
        if (said.toString().startsWith('DATA')) socket.destroy();
        else socket.write('250 go on\r\n');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const app = await startApp({ SMTP_URL: smtpUrl((server.address() as AddressInfo).port) });
    await app.signUpRaw();
    await eventually(async () => (await waiting(app)).some(({ attempts, wait }) => attempts === 1 && wait < 30));
    server.close();
  });

  test('one that knows no such address is asked once', async () => {
    const smtp = await start({ onRcptTo: (_address, _session, done) => done(smtpError(550)) });
    const app = await startApp({ SMTP_URL: smtpUrl(smtp.port) });
    await app.signUpRaw();
    await eventually(async () => (await waiting(app)).length === 0);
    expect(smtp.arrived).toEqual([]);
  });

  test('holds up no sign-up, and no end of the server', async () => {
    const smtp = await start({ onConnect: () => undefined });
    const app = await startTestApp({ SMTP_URL: smtpUrl(smtp.port), MAIL_FROM: FROM });
    const started = performance.now();
    await Promise.all(Array.from({ length: 8 }, () => app.signUpRaw()));
    await eventually(async () => (await waiting(app)).some(({ attempts }) => attempts === 1));
    expect(performance.now() - started).toBeLessThan(8_000);
    const ending = performance.now();
    await app.close();
    expect(performance.now() - ending).toBeLessThan(8_000);
  });
});

function smtpError(responseCode: number): Error {
  return Object.assign(new Error('no'), { responseCode });
}

test('nodes on one database share the work, and send everything once', async () => {
  const smtp = await start();
  const env = { SMTP_URL: smtpUrl(smtp.port) };
  const first = await startApp(env);
  const second = await startApp({ ...env, DATABASE_URL: first.config.databaseUrl ?? '' });
  const people = await Promise.all(
    Array.from({ length: 12 }, (_, place) => (place % 2 ? first : second).signUpRaw(`sharing ${String(place)}`)),
  );
  await eventually(async () => (await waiting(first)).length === 0, 15_000);
  const recipients = smtp.arrived.flatMap((mail) => mail.recipients).sort();
  expect(recipients).toEqual(people.map(({ user }) => user.email).sort());
});

describe('a server without a mail server', () => {
  const PRODUCTION = {
    ...{
      NODE_ENV: 'production',
      SECRET: 'pQ7vX2mK9sLw4TzR8yBn3HcJ6dFg5AaE',
      BCRYPT_COST: '10',
      RATE_LIMIT_FACTOR: '100',
    },
    ...{ PUBLIC_URL: 'http://localhost:3000', LOG_LEVEL: 'error' },
  };

  test('says so in production, and opens accounts all the same', async () => {
    const app = await startApp({ ...PRODUCTION, MAIL_FROM: '' });
    const headers = { origin: 'http://localhost:3000' };
    const post = (path: string, body: unknown) => app.request<Problem>('POST', path, { body, headers });
    const account = { app: 'default', email: 'ada@example.com', password: 'correct horse battery', nickname: 'Ada' };
    expect((await post('/auth/signup', account)).status).toBe(201);
    const answer = await post('/auth/password/forgot', { app: 'default', email: 'ada@example.com' });
    expect(answer.body).toMatchObject({ status: 501, code: 'not_available' });
    expect(answer.body.detail).toContain('sends no mail');
    expect(await waiting(app)).toEqual([]);
    // Nobody could ever come in: better to say so than to open an account for nothing.
    await app.db.orm.em.fork().execute(`update apps set settings = '{"requireVerifiedEmail": true}'`);
    const closed = { ...account, email: 'ben@example.com', nickname: 'Ben' };
    await eventually(async () => (await post('/auth/signup', closed)).body.code === 'not_available');
    expect((await fetch(`${app.url}/dev/mail`)).status).toBe(404);
  });

  test('shows mails on a page in development, to this machine only', async () => {
    const app = await startApp({});
    const ada = await app.signUpRaw();
    await eventually(async () => (await waiting(app)).length === 0);
    const page = await fetch(`${app.url}/dev/mail`);
    const text = await page.text();
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(text).toContain(ada.user.email);
    const [, link = ''] = /<a href="(http[^"]*)"/.exec(text) ?? [];
    const token = tokenIn({ text: link.replaceAll('&amp;', '&') });
    expect((await app.request('POST', '/auth/email/verify', { body: { token } })).status).toBe(204);
    const [, html = ''] = /href="\.\/mail\/([\w-]+)"/.exec(text) ?? [];
    const mail = await fetch(`${app.url}/dev/mail/${html}`);
    expect(await mail.text()).toContain('Confirm your e-mail address');
    expect(mail.headers.get('content-security-policy')).toMatch(/^sandbox .*default-src 'none'/);
    expect((await fetch(`${app.url}/dev/mail/none`)).status).toBe(404);
    expect((await fetch(`${app.url}/dev/mail`, { method: 'POST' })).status).toBe(404);
    for (const header of ['x-forwarded-for', 'forwarded'])
      expect((await fetch(`${app.url}/dev/mail`, { headers: { [header]: '127.0.0.1' } })).status).toBe(404);
    expect(await statusAs('chat.example.com', app.url)).toBe(404);
    expect(await statusAs('localhost:1', app.url)).toBe(200);
  });
});

/** Of `/dev/mail`, asked for by another name, as pages do whose own name leads here. */
function statusAs(host: string, url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(`${url}/dev/mail`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', reject);
  });
}
