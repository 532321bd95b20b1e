import { z } from 'zod';
import type { Page } from '@co-talk/sdk/protocol';

/** `true` where two types are the same to the last `?`. */
type Same<A, B> = (<T>(value: T) => T extends A ? 1 : 2) extends <T>(value: T) => T extends B ? 1 : 2 ? true : false;

type Exactly<T, S extends z.ZodType> = Same<z.output<S>, T> extends true ? S : { differs: z.output<S>; from: T };

/**
 * Binds a schema to a type of the protocol, in both directions: a field that only one of them has does not compile. With a name it
 * is a component of the description, and the example is shown wherever it is used.
 *
 * @example
 * export const block = wire<Block>().named('Block', z.object({ user, createdAt: time }));
 */
export function wire<T>() {
  return {
    named: <S extends z.ZodType>(name: string, schema: Exactly<T, S>, example?: T): z.ZodType<T> => {
      const bound = schema as unknown as z.ZodType<T>;
      return bound.meta({ id: name, ...(example === undefined ? {} : { examples: [example] }) });
    },
    /** The same without a name: it is written out where it is used. */
    inline: <S extends z.ZodType>(schema: Exactly<T, S>): z.ZodType<T> => schema as unknown as z.ZodType<T>,
  };
}

export const id = z.uuid();
export const time = z.iso.datetime();

/** A position, a revision or a number of things. */
export const count = z.int().min(0);

/** A list of the wire, page by page. */
export function page<T>(item: z.ZodType<T>): z.ZodType<Page<T>> {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** The same, with the user's `rev` as it was before the rows were read: changes above it may be missing. */
export function revisedPage<T>(item: z.ZodType<T>): z.ZodType<Page<T> & { rev: number }> {
  return z.object({ items: z.array(item), next: z.string().nullable(), rev: count });
}

/** An answer that is not JSON. */
export class Binary {
  readonly types: string[];
  constructor(...types: string[]) {
    this.types = types;
  }
}
