import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { s3Url } from './files/settings.ts';
import { mailFrom, mailProblem, smtpUrl, type MailSettings } from './mail/settings.ts';

/** Everything the server can be told from outside, validated. Durations are in seconds. */
export interface Config {
  port: number;
  /** Port of the demo host site; 0 switches it off. */
  demoPort: number;
  host: string;
  /** The address browsers reach the server at, without a trailing slash. */
  publicUrl: string;
  /** `null`: the embedded PostgreSQL in `dataDir` is used. */
  databaseUrl: string | null;
  databasePoolMax: number;
  /** `null`: this server is the only one on its database. */
  redisUrl: string | null;
  /** Absolute path. */
  dataDir: string;
  /** Root of all signatures and keys. */
  secret: string;
  /** Earlier ones: what was made with them still holds. */
  oldSecrets: string[];
  /** Key of whoever runs the server, for all apps; `null`: there is none, and nobody is let in as operator. */
  operatorKey: string | null;
  accessTokenTtlSeconds: number;
  refreshTokenTtlSeconds: number;
  bcryptCost: number;
  messageMaxLength: number;
  /** Requests to foreign addresses (webhooks, key sets) may go to this machine itself: for development, never in production. */
  outboundAllowLoopback: boolean;
  /** Multiplies how often anybody may do anything (see `limits/table.ts`); 0 switches the limits off, never in production. */
  rateLimitFactor: number;
  mail: MailSettings;
  /** The bucket that keeps files; `null`: a folder in `dataDir` does. */
  s3Url: string | null;
  /** Number of proxies in front of the server whose `X-Forwarded-For` is believed. */
  trustProxy: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error';
  logFormat: 'json' | 'pretty';
  production: boolean;
}

/** A value in the environment the server cannot work with; the message is one sentence for the operator. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const SECRET_MIN_LENGTH = 32;
const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };
const MAX_DURATION_SECONDS = 365 * 86_400;
const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max,
      `must be a whole number from ${String(min)} to ${String(max)}`,
    )
    .transform(Number);

const FACTOR_MAX = 1_000;

const factor = z
  .string()
  .refine(
    (text) => /^\d{1,4}(\.\d{1,6})?$/.test(text) && Number(text) <= FACTOR_MAX,
    `must be a number from 0 to ${String(FACTOR_MAX)}, such as 0.5 or 2`,
  )
  .transform(Number);

const durationSeconds = (text: string): number => {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  return amount && unit ? Number(amount) * (UNIT_SECONDS[unit] ?? NaN) : NaN;
};

const duration = z
  .string()
  .refine((text) => {
    const seconds = durationSeconds(text);
    return seconds >= 1 && seconds <= MAX_DURATION_SECONDS;
  }, "must be a duration such as '90s', '15m', '12h' or '7d' (at most 365d)")
  .transform(durationSeconds);

const choice = <const T extends [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

const url = (sentence: string, ...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), sentence);

const schema = z.object({
  NODE_ENV: choice('development', 'production', 'test').default('development'),
  PORT: wholeNumber(0, 65_535).default(3000),
  DEMO_PORT: wholeNumber(0, 65_535).optional(),
  HOST: z.string().optional(),
  PUBLIC_URL: url('must be an address such as https://chat.example.com', 'http:', 'https:').optional(),
  DATABASE_URL: url(
    'must be an address such as postgres://user:password@host:5432/name',
    'postgres:',
    'postgresql:',
  ).optional(),
  DATABASE_POOL_MAX: wholeNumber(1, 1000).default(10),
  REDIS_URL: url('must be an address such as redis://user:password@host:6379', 'redis:', 'rediss:').optional(),
  DATA_DIR: z.string().default('./data'),
  SECRET: z.string().optional(),
  // It travels as a bearer token.
  OPERATOR_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 letters, digits or signs, without spaces')
    .optional(),
  ACCESS_TOKEN_TTL: duration.default(durationSeconds('15m')),
  REFRESH_TOKEN_TTL: duration.default(durationSeconds('7d')),
  BCRYPT_COST: wholeNumber(4, 20).default(10),
  MESSAGE_MAX_LENGTH: wholeNumber(1, 1000).default(1000),
  OUTBOUND_ALLOW_LOOPBACK: choice('true', 'false').optional(),
  RATE_LIMIT_FACTOR: factor.default(1),
  S3_URL: s3Url.optional(),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: mailFrom.optional(),
  TRUST_PROXY: wholeNumber(0, 100).default(0),
  LOG_LEVEL: choice('debug', 'info', 'warn', 'error').default('info'),
  LOG_FORMAT: choice('json', 'pretty').optional(),
});

type Settings = z.output<typeof schema>;

/**
 * The process environment, completed by the file `.env` of the working folder where there is one.
 * What is set in the environment wins over the file.
 */
export function readEnvironment(): NodeJS.ProcessEnv {
  try {
    process.loadEnvFile();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return process.env;
}

/**
 * Reads and validates the configuration. An empty variable counts as unset. `SECRET`, `OPERATOR_KEY`, `DATABASE_URL`,
 * `REDIS_URL`, `SMTP_URL` and `S3_URL` can also be given as files, `SECRET_FILE` and so on. In development a missing secret and operator key are
 * generated into the data folder.
 *
 * @throws {ConfigError} with one sentence that names the variable
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const settings = parse({
    ...env,
    SECRET: readVariableOrFile(env, 'SECRET'),
    OPERATOR_KEY: readVariableOrFile(env, 'OPERATOR_KEY'),
    DATABASE_URL: readVariableOrFile(env, 'DATABASE_URL'),
    REDIS_URL: readVariableOrFile(env, 'REDIS_URL'),
    SMTP_URL: readVariableOrFile(env, 'SMTP_URL'),
    S3_URL: readVariableOrFile(env, 'S3_URL'),
  });
  const production = settings.NODE_ENV === 'production';
  const dataDir = resolve(settings.DATA_DIR);

  if (settings.NODE_ENV !== 'test' && settings.BCRYPT_COST < 10) {
    throw refusal('BCRYPT_COST', 'must be a whole number from 10 to 20');
  }
  const given = settings.SECRET?.split(',').map((one) => one.trim());
  const [secret = '', ...oldSecrets] = given ?? [production ? '' : generated(dataDir, 'secret')];
  if (given?.includes(''))
    throw refusal('SECRET', 'must be one secret, or the new and the old one with a comma between');
  if (production) for (const one of given ?? ['']) checkSecret('SECRET', one);
  const operatorKey = settings.OPERATOR_KEY ?? (production ? null : generated(dataDir, 'operator-key'));
  if (production && operatorKey !== null) checkSecret('OPERATOR_KEY', operatorKey);
  if (production) checkPublicUrl(settings.PUBLIC_URL);
  if (production && settings.RATE_LIMIT_FACTOR === 0) {
    throw refusal('RATE_LIMIT_FACTOR', 'must be more than 0 in production; 0 leaves the server without limits');
  }
  if (production && settings.OUTBOUND_ALLOW_LOOPBACK === 'true') {
    throw refusal(
      'OUTBOUND_ALLOW_LOOPBACK',
      'must not be true in production; it opens this machine to whoever sets a webhook',
    );
  }

  const problem = mailProblem(settings.SMTP_URL, settings.MAIL_FROM, production);
  if (problem) throw refusal(...problem);

  return {
    port: settings.PORT,
    demoPort: settings.DEMO_PORT ?? (production ? 0 : portAfter(settings.PORT)),
    host: settings.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    publicUrl: (settings.PUBLIC_URL ?? `http://localhost:${String(settings.PORT)}`).replace(/\/+$/, ''),
    databaseUrl: settings.DATABASE_URL ?? null,
    databasePoolMax: settings.DATABASE_POOL_MAX,
    redisUrl: settings.REDIS_URL ?? null,
    dataDir,
    secret,
    oldSecrets,
    operatorKey,
    accessTokenTtlSeconds: settings.ACCESS_TOKEN_TTL,
    refreshTokenTtlSeconds: settings.REFRESH_TOKEN_TTL,
    bcryptCost: settings.BCRYPT_COST,
    messageMaxLength: settings.MESSAGE_MAX_LENGTH,
    outboundAllowLoopback: settings.OUTBOUND_ALLOW_LOOPBACK ? settings.OUTBOUND_ALLOW_LOOPBACK === 'true' : !production,
    rateLimitFactor: settings.RATE_LIMIT_FACTOR,
    s3Url: settings.S3_URL ?? null,
    mail: { smtp: settings.SMTP_URL ?? null, from: settings.MAIL_FROM ?? { name: null, address: 'chat@localhost' } },
    trustProxy: settings.TRUST_PROXY,
    logLevel: settings.LOG_LEVEL,
    logFormat: settings.LOG_FORMAT ?? (production || !process.stdout.isTTY ? 'json' : 'pretty'),
    production,
  };
}

function portAfter(port: number): number {
  return port === 0 || port === 65_535 ? 0 : port + 1;
}

function parse(env: NodeJS.ProcessEnv): Settings {
  const result = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw refusal(String(issue?.path[0]), issue?.message ?? 'is not valid');
}

function refusal(name: string, why: string): ConfigError {
  return new ConfigError(`unable to start; the environment variable ${name} ${why}`);
}

function readVariableOrFile(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const fileName = `${name}_FILE`;
  const file = env[fileName];
  if (!file) return env[name];
  if (env[name]) throw refusal(fileName, `cannot be used together with ${name}; set only one of them`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw refusal(fileName, 'must be the path of a readable file');
  }
}

function checkPublicUrl(publicUrl: string | undefined): void {
  const { protocol, hostname } = publicUrl ? new URL(publicUrl) : { protocol: '', hostname: '' };
  if (protocol === 'https:' || LOOPBACK_HOSTS.includes(hostname)) return;
  throw refusal('PUBLIC_URL', 'must be the https:// address of the server in production; passwords travel over it');
}

function checkSecret(name: string, secret: string): void {
  if (!secret) throw refusal(name, 'must be set in production; generate one with: openssl rand -base64 48');
  if (secret.length < SECRET_MIN_LENGTH) {
    throw refusal(name, `must have at least ${String(SECRET_MIN_LENGTH)} characters in production`);
  }
  if (new Set(secret).size < 10 || /change.?me|default|example|secret|password/i.test(secret)) {
    throw refusal(name, 'must be random in production; generate one with: openssl rand -base64 48');
  }
}

/** A secret of this folder, made up when it is first needed. */
function generated(dataDir: string, name: string): string {
  const file = join(dataDir, name);
  try {
    mkdirSync(dataDir, { recursive: true });
    // 'wx' decides the race of two first starts: whoever comes second reads what the first has written.
    writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw refusal('DATA_DIR', 'must be a folder the server may write to');
    }
  }
  return readFileSync(file, 'utf8').trim();
}
