import type { Role } from '@co-talk/sdk';
import type { GroupStrings } from '../locales/groups.ts';
import type { MenuItem } from './menu.ts';

/** What somebody of a role may do with another member. */
export function memberDeeds(mine: Role, theirs: Role, g: GroupStrings): MenuItem[] {
  const owner = mine === 'owner';
  return [
    { id: 'message', label: g.message },
    ...(owner && theirs === 'member' ? [{ id: 'promote', label: g.promote }] : []),
    ...(owner && theirs === 'admin' ? [{ id: 'demote', label: g.demote }] : []),
    ...(owner ? [{ id: 'owner', label: g.handOver }] : []),
    ...(owner || (mine === 'admin' && theirs === 'member') ? [{ id: 'remove', label: g.remove, danger: true }] : []),
  ];
}
