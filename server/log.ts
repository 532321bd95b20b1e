import { destination, pino, stdTimeFunctions, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { Config } from './config.ts';

/** The server's log: one JSON object per line on standard output, or lines for people with `LOG_FORMAT=pretty`. */
export type Log = Logger;

const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'userToken',
  'secret',
  'text',
];

/** Fields named like a secret are blotted out up to two levels deep; nothing else makes a careless log line harmless. */
const redactedPaths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** Of an error what says what went wrong. Libraries hang whole clients on theirs, keys and all, and PostgreSQL what people wrote. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name: type, message, stack } = error;
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const errors = error instanceof AggregateError ? error.errors.map(describeError) : undefined;
  return { type, message, stack, code, constraint, errors, cause: describeError(error.cause) };
}

export function createLog(config: Pick<Config, 'logLevel' | 'logFormat'>): Log {
  return pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: { paths: redactedPaths, censor: '[redacted]' },
    },
    config.logFormat === 'pretty'
      ? PinoPretty({ colorize: process.stdout.isTTY, translateTime: 'SYS:HH:MM:ss', sync: true })
      : destination(1),
  );
}
