import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import { refuse, type Problem } from './problems.ts';
import { User } from './user.entity.ts';

const EMAIL: Problem = { path: 'email', code: 'email_taken', message: 'has an account already; sign in with it' };
const NICKNAME: Problem = {
  path: 'nickname',
  code: 'nickname_taken',
  message: 'or one like it is taken; choose another',
};

/** @throws AppError `email_taken`, `nickname_taken` when somebody but `exceptId` has them */
export async function refuseTaken(
  em: EntityManager,
  doing: string,
  keys: { emailKey?: string; nicknameKey: string },
  exceptId?: Id,
): Promise<void> {
  const others = exceptId === undefined ? {} : { id: { $ne: exceptId } };
  const { emailKey, nicknameKey } = keys;
  const emailTaken = emailKey !== undefined && (await em.count(User, { ...others, emailKey, kind: 'account' })) > 0;
  const nicknameTaken = (await em.count(User, { ...others, nicknameKey, kind: 'account' })) > 0;
  refuse(doing, [...(emailTaken ? [EMAIL] : []), ...(nicknameTaken ? [NICKNAME] : [])]);
}

/** Runs what may lose a race for an e-mail address or a nickname to somebody else's request. */
export async function orTaken<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) {
      if (error.message.includes('email_key')) refuse(doing, [EMAIL]);
      if (error.message.includes('nickname_key')) refuse(doing, [NICKNAME]);
    }
    throw error;
  }
}
