import type { Id } from '@co-talk/sdk';
import type { Tab } from './device.ts';
import { pause } from './nemesis.ts';
import type { World } from './world.ts';

interface Head {
  id: Id;
  lastSeq: number;
  lastRev: number;
}

/**
 * Waits until every page shows everything that was there at the beginning of the wait, and notes how long each took: from now, or
 * from being connected again where that is later.
 */
export async function heal(world: World, fault: string, limitMs: number): Promise<void> {
  const heads = await headsOf(world);
  const start = performance.now();
  const waiting = new Set(world.tabs());
  while (waiting.size > 0) {
    const now = performance.now();
    const isOver = now - start > world.patienceMs || world.exits.length > 0;
    for (const tab of waiting) {
      if (!isWhole(tab, heads) && !isOver) continue;
      waiting.delete(tab);
      world.heals.push({ fault, view: tab.name, ms: Math.max(0, now - Math.max(start, tab.onlineSince)), limitMs });
      if (isOver) world.say(`  ${tab.name} is not whole: ${missing(tab, heads)}`);
    }
    await pause(20);
  }
}

export async function headsOf({ database }: World): Promise<Map<Id, Head>> {
  const rows = await database.query<Head>('select id, last_seq as "lastSeq", last_rev as "lastRev" from chat_rooms');
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether a page shows everything up to these heads, live. */
export function isWhole(tab: Tab, heads: ReadonlyMap<Id, Head>): boolean {
  return tab.client.status.get() === 'online' && missing(tab, heads) === '';
}

/** The first thing a page does not show, in words. */
function missing({ client, device }: Tab, heads: ReadonlyMap<Id, Head>): string {
  const rows = new Map(client.rooms.store.get().rooms.map((room) => [room.id, room]));
  for (const id of device.person.rooms) {
    const head = heads.get(id);
    const { status, messages, hasAfter } = client.messages.room(id).store.get();
    const last = messages.findLast((message) => message.seq !== null)?.seq ?? 0;
    const rev = rows.get(id)?.rev ?? -1;
    if (!head || status !== 'ready' || hasAfter || last < head.lastSeq || rev < head.lastRev) {
      return `${client.status.get()}, room ${id}: ${status}, up to ${last} of ${String(head?.lastSeq)}, rev ${rev} of ${String(head?.lastRev)}${hasAfter ? ', not at the end' : ''}`;
    }
  }
  return '';
}
