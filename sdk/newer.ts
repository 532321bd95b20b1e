import type { Id, User } from './protocol/index.ts';

/** The newer version of a person, where there is one: for people inside other things. */
export function newer(user: User, heard: ReadonlyMap<Id, User>): User {
  const other = heard.get(user.id);
  return other && other.rev > user.rev ? other : user;
}
