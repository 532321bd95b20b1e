import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';

/** What the ways in are called, and the options that switch them on. */
const WAYS = {
  accounts: ['accounts', 'accounts'],
  guests: ['guests', 'guests'],
  hostUsers: ['users of its site', 'host-users'],
} as const;

/**
 * Whether the app takes people in this way.
 * @throws AppError `sign_in_disabled`
 */
export async function requireWay(ctx: Context, way: keyof typeof WAYS): Promise<void> {
  const app = await ctx.app();
  if (app[way]) return;
  const [people, option] = WAYS[way];
  throw new AppError(
    'sign_in_disabled',
    `unable to sign in; app "${app.id}" takes no ${people}; switch them on in the console or with: npx co-talk app update ${app.id} --${option} on`,
  );
}
