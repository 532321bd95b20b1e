import type { Routes } from '../http.ts';
import type { Validator } from '../validate.ts';

/** Whom a route is for, by the name with which it is bound. */
export type Access = keyof Routes;

/** A route as it was bound. */
export interface BoundRoute {
  access: Access;
  method: string;
  path: string;
  body: Validator<unknown> | undefined;
  query: Validator<unknown> | undefined;
  /** The types of a body that is not JSON. */
  binary?: string[] | undefined;
  /** The body is a form with a file in it. */
  streamed?: boolean | undefined;
}

type Given = Pick<BoundRoute, 'body' | 'query'> & { binary?: { types: string[] }; streamed?: true };
type Bind = (method: string, path: string, contract: Given, ...rest: unknown[]) => void;

/** Passes on what features bind, and remembers it. */
export function collect(routes: Routes): { routes: Routes; bound: BoundRoute[] } {
  const bound: BoundRoute[] = [];
  const listening = Object.entries(routes as unknown as Record<Access, Bind>).map(([access, bind]) => {
    const listen: Bind = (method, path, contract, ...rest) => {
      const { body, query, binary, streamed } = contract;
      bound.push({ access: access as Access, method, path, body, query, binary: binary?.types, streamed });
      bind(method, path, contract, ...rest);
    };
    return [access, listen] as const;
  });
  return { routes: Object.fromEntries(listening) as unknown as Routes, bound };
}
