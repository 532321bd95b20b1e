import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, type Config } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'co-talk-config-'));
const RANDOM = 'pQ7vX2mK9sLw4TzR8yBn3HcJ6dFg5AaE';
const PRODUCTION = { NODE_ENV: 'production', SECRET: RANDOM, PUBLIC_URL: 'https://chat.example.com' };

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function load(env: NodeJS.ProcessEnv = {}): Config {
  return loadConfig({ DATA_DIR: join(folder, 'data'), ...env });
}

function refusalOf(env: NodeJS.ProcessEnv): string {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('defaults', () => {
  it('suit a machine somebody tries it on', () => {
    expect(load()).toMatchObject({
      port: 3000,
      demoPort: 3001,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      databaseUrl: null,
      databasePoolMax: 10,
      redisUrl: null,
      accessTokenTtlSeconds: 900,
      refreshTokenTtlSeconds: 604_800,
      bcryptCost: 10,
      messageMaxLength: 1000,
      rateLimitFactor: 1,
      trustProxy: 0,
      logLevel: 'info',
      production: false,
    });
  });

  it('open the server to the network in production, without the demo site', () => {
    expect(load(PRODUCTION)).toMatchObject({ host: '0.0.0.0', demoPort: 0, logFormat: 'json', production: true });
  });

  it('put the demo site on the port after the server, as long as there is one', () => {
    expect(load({ PORT: '8080' }).demoPort).toBe(8081);
    expect(load({ PORT: '65535' }).demoPort).toBe(0);
    expect(load({ PORT: '0' }).demoPort).toBe(0);
    expect(load({ PORT: '8080', DEMO_PORT: '0' }).demoPort).toBe(0);
  });

  it('take an empty variable for an unset one', () => {
    expect(load({ PORT: '', DATABASE_URL: '', LOG_LEVEL: '' })).toMatchObject({ port: 3000, databaseUrl: null });
  });

  it('make the data folder absolute', () => {
    expect(load({ ...PRODUCTION, DATA_DIR: 'some/where' }).dataDir).toBe(resolve('some/where'));
  });
});

describe('values', () => {
  it.each([
    ['90s', 90],
    ['15m', 900],
    ['12h', 43_200],
    ['7d', 604_800],
  ])('reads the duration %s', (text, seconds) => {
    expect(load({ ACCESS_TOKEN_TTL: text }).accessTokenTtlSeconds).toBe(seconds);
  });

  it('drops slashes at the end of the public address', () => {
    expect(load({ PUBLIC_URL: 'https://chat.example.com//' }).publicUrl).toBe('https://chat.example.com');
  });

  it.each<[string, string]>([
    ['PORT', 'abc'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['PORT', ' 3000'],
    ['DEMO_PORT', '1e3'],
    ['PUBLIC_URL', 'chat.example.com'],
    ['PUBLIC_URL', 'ftp://chat.example.com'],
    ['DATABASE_URL', 'mysql://localhost/chat'],
    ['DATABASE_URL', 'localhost'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['REDIS_URL', 'localhost:6379'],
    ['DATABASE_POOL_MAX', '0'],
    ['ACCESS_TOKEN_TTL', '15'],
    ['ACCESS_TOKEN_TTL', '0s'],
    ['REFRESH_TOKEN_TTL', '9999d'],
    ['REFRESH_TOKEN_TTL', '7 d'],
    ['BCRYPT_COST', '9'],
    ['BCRYPT_COST', '40'],
    ['MESSAGE_MAX_LENGTH', '0'],
    ['MESSAGE_MAX_LENGTH', '1001'],
    ['OUTBOUND_ALLOW_LOOPBACK', '1'],
    ['TRUST_PROXY', 'true'],
    ['RATE_LIMIT_FACTOR', '-1'],
    ['RATE_LIMIT_FACTOR', '1001'],
    ['RATE_LIMIT_FACTOR', '1e2'],
    ['RATE_LIMIT_FACTOR', 'off'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
    ['NODE_ENV', 'staging'],
  ])('refuses %s=%s with one sentence that names it', (name, value) => {
    const sentence = refusalOf({ [name]: value });
    expect(sentence).toMatch(new RegExp(`^unable to start; the environment variable ${name} must .+[^.]$`));
    expect(sentence).not.toContain('\n');
  });

  it('allow a cheap password hash in tests only', () => {
    expect(load({ NODE_ENV: 'test', BCRYPT_COST: '4' }).bcryptCost).toBe(4);
    expect(refusalOf({ ...PRODUCTION, BCRYPT_COST: '4' })).toContain('BCRYPT_COST');
  });

  it('switches the limits off everywhere but in production', () => {
    expect(load({ RATE_LIMIT_FACTOR: '0' }).rateLimitFactor).toBe(0);
    expect(load({ ...PRODUCTION, RATE_LIMIT_FACTOR: '0.5' }).rateLimitFactor).toBe(0.5);
    expect(refusalOf({ ...PRODUCTION, RATE_LIMIT_FACTOR: '0' })).toContain('RATE_LIMIT_FACTOR');
    expect(refusalOf({ ...PRODUCTION, RATE_LIMIT_FACTOR: '0.0' })).toContain('RATE_LIMIT_FACTOR');
  });

  it('never repeat a password in a refusal', () => {
    expect(refusalOf({ DATABASE_URL: 'mysql://admin:hunter2@localhost/chat' })).not.toContain('hunter2');
  });
});

describe('the operator key', () => {
  it('is made up outside production, and missing in it until somebody sets one', () => {
    expect(load().operatorKey).toHaveLength(64);
    expect(load().operatorKey).toBe(load().operatorKey);
    expect(load(PRODUCTION).operatorKey).toBeNull();
    expect(load({ ...PRODUCTION, OPERATOR_KEY: RANDOM }).operatorKey).toBe(RANDOM);
  });

  it.each([
    ['with a space in it', { OPERATOR_KEY: 'two words' }, 'without spaces'],
    ['too short in production', { ...PRODUCTION, OPERATOR_KEY: 'short' }, 'at least 32'],
    ['made by nobody’s dice', { ...PRODUCTION, OPERATOR_KEY: 'a'.repeat(40) }, 'must be random'],
  ])('is refused %s', (_name, env, why) => {
    expect(refusalOf(env)).toContain(`OPERATOR_KEY`);
    expect(refusalOf(env)).toContain(why);
  });
});

describe('secrets that change', () => {
  it('are given new first, each as long as one alone', () => {
    const other = 'zQ7vX2mK9sLw4TzR8yBn3HcJ6dFg5AaE';
    expect(load({ ...PRODUCTION, SECRET: `${RANDOM}, ${other}` })).toMatchObject({
      secret: RANDOM,
      oldSecrets: [other],
    });
    expect(load(PRODUCTION).oldSecrets).toEqual([]);
    expect(refusalOf({ ...PRODUCTION, SECRET: `${RANDOM},short` })).toContain('at least 32');
    expect(refusalOf({ SECRET: `${RANDOM},` })).toContain('with a comma between');
  });
});

describe('secret', () => {
  it('is made up once in development, readable by its owner only', () => {
    const first = load({ DATA_DIR: join(folder, 'fresh') });
    const again = load({ DATA_DIR: join(folder, 'fresh') });
    expect(first.secret.length).toBeGreaterThanOrEqual(32);
    expect(again.secret).toBe(first.secret);
    expect(statSync(join(folder, 'fresh', 'secret')).mode & 0o777).toBe(0o600);
  });

  it('differs between installations', () => {
    expect(load({ DATA_DIR: join(folder, 'one') }).secret).not.toBe(load({ DATA_DIR: join(folder, 'two') }).secret);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['short', 'pQ7vX2mK9sLw4TzR'],
    ['an example', 'change-me-change-me-change-me-change-me'],
    ['one letter', 'a'.repeat(64)],
  ])('is refused in production when it is %s', (_case, SECRET) => {
    const sentence = refusalOf({ ...PRODUCTION, SECRET });
    expect(sentence).toContain('SECRET');
    if (SECRET) expect(sentence).not.toContain(SECRET);
  });

  it('can come from a file', () => {
    const file = join(folder, 'secret-file');
    writeFileSync(file, `${RANDOM}\n`);
    expect(load({ ...PRODUCTION, SECRET: undefined, SECRET_FILE: file }).secret).toBe(RANDOM);
    expect(refusalOf({ ...PRODUCTION, SECRET_FILE: file })).toContain('SECRET_FILE');
    expect(refusalOf({ SECRET_FILE: join(folder, 'nowhere') })).toContain('SECRET_FILE');
  });

  it('names the data folder when it cannot be kept there', () => {
    writeFileSync(join(folder, 'a-file'), '');
    expect(refusalOf({ DATA_DIR: join(folder, 'a-file', 'data') })).toContain('DATA_DIR');
  });
});

describe('production', () => {
  it.each([undefined, 'http://chat.example.com'])('wants HTTPS declared, not %s', (PUBLIC_URL) => {
    expect(refusalOf({ ...PRODUCTION, PUBLIC_URL })).toContain('PUBLIC_URL');
  });

  it('lets nobody who sets a webhook ask the machine itself', () => {
    expect(load().outboundAllowLoopback).toBe(true);
    expect(load({ OUTBOUND_ALLOW_LOOPBACK: 'false' }).outboundAllowLoopback).toBe(false);
    expect(load(PRODUCTION).outboundAllowLoopback).toBe(false);
    expect(load({ ...PRODUCTION, OUTBOUND_ALLOW_LOOPBACK: 'false' }).outboundAllowLoopback).toBe(false);
    expect(refusalOf({ ...PRODUCTION, OUTBOUND_ALLOW_LOOPBACK: 'true' })).toContain('OUTBOUND_ALLOW_LOOPBACK');
  });

  it('may be tried on the machine itself without', () => {
    expect(load({ ...PRODUCTION, PUBLIC_URL: 'http://localhost:3000' }).production).toBe(true);
  });
});

describe('mail', () => {
  const FROM = 'chat@example.com';
  const smtp = (SMTP_URL: string, more: NodeJS.ProcessEnv = {}) => load({ SMTP_URL, ...more }).mail.smtp;

  it('stays on the machine unless there is a mail server', () => {
    expect(load().mail).toEqual({ smtp: null, from: { name: null, address: 'chat@localhost' } });
    expect(load(PRODUCTION).mail.smtp).toBeNull();
  });

  it.each([
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, secure: false, tls: true }],
    ['smtps://mail.example.com', { host: 'mail.example.com', port: 465, secure: true, tls: true }],
    ['smtp://mail.example.com:25?tls=off', { host: 'mail.example.com', port: 25, secure: false, tls: false }],
    ['smtps://me:p%40ss%2F@[2001:db8::1]:2465', { host: '2001:db8::1', port: 2465, user: 'me', password: 'p@ss/' }],
  ])('reads %s', (text, expected) => {
    expect(smtp(text)).toMatchObject(expected);
  });

  it.each([
    ...['mail.example.com', 'http://mail.example.com', 'smtp://', 'smtp://mail.example.com:70000'],
    ...['smtp://mail.example.com?ignoreTLS=true', 'smtps://mail.example.com?tls.rejectUnauthorized=false'],
    'smtps://me:half%@mail.example.com',
  ])('refuses %s', (text) => {
    expect(refusalOf({ SMTP_URL: text })).toMatch(
      /^unable to start; the environment variable SMTP_URL must be an address/,
    );
  });

  it('refuses a password that would travel for all to read, and repeats it to nobody', () => {
    const SMTP_URL = 'smtp://me:hunter2@mail.example.com?tls=off';
    const sentence = refusalOf({ ...PRODUCTION, SMTP_URL, MAIL_FROM: FROM });
    expect(sentence).toContain('SMTP_URL must not say tls=off');
    expect(sentence).not.toContain('hunter2');
    expect(refusalOf({ SMTP_URL: 'http://me:hunter2@mail.example.com' })).not.toContain('hunter2');
    expect(load({ ...PRODUCTION, SMTP_URL: 'smtp://me:x@localhost?tls=off', MAIL_FROM: FROM }).mail.smtp?.tls).toBe(
      false,
    );
  });

  it('can come from a file', () => {
    const file = join(folder, 'smtp-file');
    writeFileSync(file, 'smtps://mail.example.com\n');
    expect(load({ SMTP_URL_FILE: file }).mail.smtp?.host).toBe('mail.example.com');
    expect(refusalOf({ SMTP_URL_FILE: file, SMTP_URL: 'smtps://mail.example.com' })).toContain('SMTP_URL_FILE');
  });

  it.each([
    [FROM, { name: null, address: FROM }],
    [`Example Chat <${FROM}>`, { name: 'Example Chat', address: FROM }],
    [`  예제 채팅  < ${FROM} > `, { name: '예제 채팅', address: FROM }],
  ])('is from %s', (MAIL_FROM, from) => {
    expect(load({ MAIL_FROM }).mail.from).toEqual(from);
  });

  it.each([
    ...['chat', 'chat@', '@example.com', 'a@example.com, b@example.com', 'Chat <chat>', 'Chat <a@b.c> <d@e.f>'],
    ...[`Chat\r\nBcc: x@example.com <${FROM}>`, `a@example.com\r\nBcc: b@example.com`],
  ])('is not from %j', (MAIL_FROM) => {
    expect(refusalOf({ MAIL_FROM })).toMatch(/^unable to start; the environment variable MAIL_FROM must be an address/);
  });

  it('says whom it is from in production', () => {
    expect(refusalOf({ ...PRODUCTION, SMTP_URL: 'smtps://mail.example.com' })).toContain('MAIL_FROM must be set');
    expect(load({ ...PRODUCTION, SMTP_URL: 'smtps://mail.example.com', MAIL_FROM: FROM }).mail.from.address).toBe(FROM);
  });
});

describe('the bucket for files', () => {
  it('is an address with a key', () => {
    const S3_URL = 'https://key:secret@s3.example.com/files?region=eu-central-1';
    expect([load({}).s3Url, load({ S3_URL }).s3Url]).toEqual([null, S3_URL]);
    const file = join(folder, 's3-file');
    writeFileSync(file, `${S3_URL}\n`);
    expect(load({ S3_URL_FILE: file }).s3Url).toBe(S3_URL);
  });

  it.each([
    's3.example.com',
    'ftp://key:hunter2@s3.example.com/x',
    'https://s3.example.com/x',
    'https://key:hunter2@s3.example.com',
  ])('is not %s', (S3_URL) => {
    const sentence = refusalOf({ S3_URL });
    expect(sentence).toMatch(/^unable to start; the environment variable S3_URL must be an address/);
    expect(sentence).not.toContain('hunter2');
  });
});

it('names every variable in .env.example with a sentence', () => {
  const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const source = readFileSync(new URL('./config.ts', import.meta.url), 'utf8');
  const names = [...source.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect(example).toMatch(new RegExp(`^# .+\\n(# .+\\n)*#?${String(name)}=`, 'm'));
});
