import { createHmac } from 'node:crypto';
import type { Context } from '../context.ts';
import { derive } from '../keyring.ts';

/** An address as sessions keep it: to be recognised, not to be read. `null`: there is none. */
export const addressHash = ({ config, address }: Pick<Context, 'config' | 'address'>): string | null =>
  address === null ? null : createHmac('sha256', derive(config, 'address')).update(address).digest('base64url');

/** Whether somebody has signed in to this account from here, in a session that has not expired since. */
export async function knownHere(ctx: Context, emailKey: string): Promise<boolean> {
  const [row] = await ctx.em.execute<{ known: boolean }[]>(
    `select exists (
       select from users u join sessions s on s.user_id = u.id and s.app_id = u.app_id
       where u.app_id = ? and u.email_key = ? and s.address_hash = ?
     ) as known`,
    [ctx.appId, emailKey, addressHash(ctx)],
  );
  return row?.known === true;
}
