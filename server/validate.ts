import { LIMITS } from '@co-talk/sdk/protocol';
import { z } from 'zod';
import { AppError } from './errors.ts';

/** Turns what a client sent into what an action takes, or throws `invalid_request` naming the field. */
export interface Validator<T> {
  (input: unknown): T;
  /** The same rules for people and programs to read: the API description is made of it. */
  readonly schema?: z.ZodType<T>;
}

/** Gives a validator written by hand the schema that says the same; a test holds the two together. */
export function withSchema<T>(validate: (input: unknown) => T, schema: z.ZodType<T>): Validator<T> {
  return Object.assign((input: unknown) => validate(input), { schema });
}

/** A validator from a zod schema. Declare the schema as `z.ZodType<WireType>` so that it cannot drift from the wire. */
export function validator<T>(schema: z.ZodType<T>): Validator<T> {
  return withSchema((input) => {
    const result = schema.safeParse(input);
    if (result.success) return result.data;
    const errors = result.error.issues.slice(0, 10).map((issue) => ({
      path: (issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path)
        .join('.')
        .slice(0, 100),
      message: issue.message.slice(0, 200),
    }));
    const first = errors[0];
    const where =
      first && first.path !== '' ? `${first.path}: ${first.message}` : (first?.message ?? 'it has the wrong form');
    throw new AppError('invalid_request', `unable to read the request; ${where}`, { errors });
  }, schema);
}

/** Text that PostgreSQL and every client can hold: well-formed Unicode without NUL. */
export const cleanText = (max: number): z.ZodString =>
  z
    .string()
    .max(max)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed text without NUL');

/** An id. In a path a malformed one answers like an unknown one; in a body it is `invalid_request`. */
export const id = z.uuid().toLowerCase();

/** A revision or position that fits PostgreSQL's `integer`. */
export const counter = z.int().min(0).max(2_147_483_647);

/** A time that PostgreSQL reads as JavaScript writes it: it knows no year 0, and none of five digits. */
export const instant = (options: { offset?: boolean } = {}) =>
  z.iso.datetime(options).refine((text) => {
    const year = new Date(text).getUTCFullYear();
    return year > 0 && year < 10_000;
  }, 'must be in the years 1 to 9999');

const fromQuery = (schema: z.ZodNumber) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'must be a whole number')
    .transform(Number)
    .pipe(schema);

export const queryCounter = fromQuery(z.int().min(0).max(2_147_483_647));
export const queryLimit = fromQuery(z.int().min(1).max(LIMITS.pageMax)).default(LIMITS.pageDefault);
export const queryCursor = z.string().min(1).max(200).optional();
