import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import { Mail, MailToken } from './mail.entity.ts';

/**
 * Takes away what is still to be mailed to somebody who is gone, and what links that were mailed to them stand for.
 * @param address the normalised one that they had
 */
export async function forgetMails(em: EntityManager, userId: Id, address: string | null): Promise<void> {
  await em.nativeDelete(Mail, { $or: [{ userId }, ...(address === null ? [] : [{ address }])] });
  await em.nativeDelete(MailToken, { userId });
}
