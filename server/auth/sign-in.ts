import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';

const WAYS = {
  accounts: 'accounts',
  guests: 'guests',
  hostUsers: 'users of the site',
};

/**
 * Whether the app takes people in this way.
 * @throws AppError `sign_in_disabled`
 */
export async function requireWay(ctx: Context, way: keyof typeof WAYS): Promise<void> {
  const app = await ctx.app();
  if (app[way]) return;
  throw new AppError(
    'sign_in_disabled',
    `unable to sign in; app "${app.id}" takes no ${WAYS[way]}; switch them on in the console or with: npx co-talk app update ${app.id}`,
  );
}
