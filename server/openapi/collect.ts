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
}

type Bind = (method: string, path: string, contract: Pick<BoundRoute, 'body' | 'query'>, ...rest: unknown[]) => void;

/** Passes on what features bind, and remembers it. */
export function collect(routes: Routes): { routes: Routes; bound: BoundRoute[] } {
  const bound: BoundRoute[] = [];
  const listening = Object.entries(routes as unknown as Record<Access, Bind>).map(([access, bind]) => {
    const listen: Bind = (method, path, contract, ...rest) => {
      bound.push({ access: access as Access, method, path, body: contract.body, query: contract.query });
      bind(method, path, contract, ...rest);
    };
    return [access, listen] as const;
  });
  return { routes: Object.fromEntries(listening) as unknown as Routes, bound };
}
