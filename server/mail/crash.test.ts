import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client as Pg } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPort } from '../bench/faults/server-node.ts';
import { createDatabase, eventually } from '../testing.ts';
import { startSmtp, tokenIn, type Smtp } from '../testing-mail.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const FLAGS = ['--conditions=co-talk-source', '--experimental-strip-types', '--no-warnings'];
const PASSWORD = 'correct horse battery';

let database: Awaited<ReturnType<typeof createDatabase>>;
let pg: Pg;
let smtp: Smtp | undefined;
let url: string;
const running: { kill: () => Promise<unknown> }[] = [];

beforeAll(async () => {
  database = await createDatabase();
  pg = new Pg({ connectionString: database.url });
  await pg.connect();
});
afterAll(async () => {
  for (const one of running) await one.kill();
  await smtp?.close();
  await pg.end();
  await database.drop();
});

/** The server as operators start it, in production. */
async function start(port: number, smtpPort: number): Promise<{ kill: () => Promise<unknown>; output: () => string }> {
  url = `http://127.0.0.1:${String(port)}`;
  const child = spawn(process.execPath, [...FLAGS, MAIN], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...{ PATH: process.env['PATH'], NODE_ENV: 'production', SECRET: 'pQ7vX2mK9sLw4TzR8yBn3HcJ6dFg5AaE' },
      ...{ DATABASE_URL: database.url, HOST: '127.0.0.1', PORT: String(port), PUBLIC_URL: url, LOG_LEVEL: 'debug' },
      ...{ SMTP_URL: `smtp://127.0.0.1:${String(smtpPort)}`, MAIL_FROM: 'chat@mail.example.com' },
    },
  });
  const gone = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const started = { kill: () => (child.kill('SIGKILL'), gone), output: () => output };
  running.push(started);
  await eventually(() => fetch(`${url}/readyz`).then(({ ok }) => ok), 30_000).catch((error: unknown) => {
    throw new Error(`the server did not start: ${output}`, { cause: error });
  });
  return started;
}

async function post(path: string, body: object): Promise<number> {
  const headers = { 'content-type': 'application/json', origin: url };
  return (await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

test('what was asked for is mailed though the server was killed, and the log knows no secret', async () => {
  const [port, smtpPort] = [await findPort(), await findPort()];
  const first = await start(port, smtpPort);
  const email = 'ada.lovelace@example.com';
  const account = { app: 'default', email, password: PASSWORD, nickname: 'Ada' };
  expect(await post('/auth/signup', account)).toBe(201);
  expect(await post('/auth/password/forgot', { app: 'default', email })).toBe(202);
  await first.kill();
  const { rows } = await pg.query<{ kind: string }>('select kind from mails order by created_at');
  expect(rows.map(({ kind }) => kind)).toEqual(['verify', 'forgot']);

  // Whatever the first one was at when it ended counts as given up after a minute.
  await pg.query('update mails set due_at = now()');
  const mailServer = (smtp = await startSmtp({}, smtpPort));
  const second = await start(port, smtpPort);
  const mails = await eventually(() => (mailServer.to(email).length === 2 ? mailServer.to(email) : null));
  const tokens = mails.map((mail) => tokenIn(mail));
  const [verifyToken, resetToken] = mails[0]?.text?.includes('/account/verify') ? tokens : [...tokens].reverse();
  for (const mail of mails) expect(mail.text).toContain(`${url}/account/`);
  expect(await post('/auth/email/verify', { token: verifyToken })).toBe(204);
  expect(await post('/auth/password/reset', { token: resetToken, password: 'a much better donkey' })).toBe(204);
  await eventually(() => mailServer.to(email).length === 3);
  await eventually(async () => (await pg.query('select from mails')).rows.length === 0);

  await eventually(() => second.output().split('"msg":"a mail was sent"').length === 4);
  for (const secret of [...tokens, email, 'lovelace', PASSWORD, 'a much better donkey']) {
    expect(first.output()).not.toContain(secret);
    expect(second.output()).not.toContain(secret);
  }
}, 90_000);
