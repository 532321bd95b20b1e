import type { Id } from '@co-talk/sdk';
import type { Tab } from './device.ts';
import type { Evidence, FinalRoom, People, StoredMessage, StoredRoom } from './evidence.ts';
import { headsOf, isWhole } from './heal.ts';
import { pause, settled, until } from './nemesis.ts';
import type { World } from './world.ts';

/** Further back nobody reads. */
const PAGES_MAX = 60;

/** Lets everything come to rest, opens the whole history everywhere, and writes down what is where. */
export async function collect(world: World): Promise<Evidence> {
  const { attempts, views, heals, found, exits } = world;
  // Without its servers the books cannot be compared, and need not be.
  if (exits.length > 0) return { attempts: [], views: [], rooms: [], people: new Map(), heals, found, exits };
  await settle(world);
  // A device that has never seen anything must hold the same as those that saw everything go wrong.
  const fresh = await world.addDevice(
    world.people.toSorted((a, b) => b.rooms.length - a.rooms.length)[0] ?? world.random.pick(world.people),
  );
  await fresh.open();
  const rooms = await stored(world);
  for (const tab of world.tabs()) {
    const view = world.views.findLast((one) => one.name.startsWith(`${tab.name}.`));
    if (!view) continue;
    for (const id of tab.device.person.rooms) view.rooms.set(id, await final(tab, id));
    view.people = peopleOf(tab);
  }
  return { attempts: [...attempts.values()], views, rooms, people: await storedPeople(world), heals, found, exits };
}

/** Waits until nothing is pending and nothing moves. What does not come to an end is for the checker to find. */
async function settle(world: World): Promise<void> {
  await settled(world).catch(() => undefined);
  // Read marks are told at most once a second.
  if (world.reads > 0) await pause(2_000);
  // Whoever has not come round already will not now.
  if (world.heals.some(({ ms, limitMs }) => ms > limitMs)) return;
  const heads = await headsOf(world);
  await until('everybody is whole', () => world.tabs().every((tab) => isWhole(tab, heads)), world.patienceMs).catch(
    () => undefined,
  );
}

async function final({ client }: Tab, id: Id): Promise<FinalRoom> {
  const room = client.messages.room(id);
  for (let page = 0; page < PAGES_MAX && room.store.get().hasBefore; page += 1) await room.loadBefore();
  const row = client.rooms.store.get().rooms.find((one) => one.id === id);
  return {
    state: room.store.get(),
    row: {
      lastSeq: row?.lastSeq ?? -1,
      rev: row?.rev ?? -1,
      unread: row?.me?.unread ?? -1,
      readSeq: row?.me?.readSeq ?? -1,
      preview: row?.lastMessage?.text ?? null,
    },
  };
}

async function stored({ database }: World): Promise<StoredRoom[]> {
  const rooms = await database.query<Omit<StoredRoom, 'members' | 'messages'>>(
    'select id, last_seq as "lastSeq", last_rev as "lastRev" from chat_rooms',
  );
  const members = await database.query<{ roomId: Id; userId: Id; readSeq: number }>(
    'select room_id as "roomId", user_id as "userId", read_seq as "readSeq" from chat_room_members where left_at is null',
  );
  const messages = await database.query<StoredMessage & { roomId: Id }>(
    `select room_id as "roomId", id, seq, rev, client_id as "clientId", sender_id as "senderId", text
     from messages order by room_id, seq`,
  );
  const membersOf = Map.groupBy(members, ({ roomId }) => roomId);
  const messagesOf = Map.groupBy(messages, ({ roomId }) => roomId);
  return rooms.map((room) => ({
    ...room,
    members: membersOf.get(room.id) ?? [],
    messages: messagesOf.get(room.id) ?? [],
  }));
}

function peopleOf({ client }: Tab): People {
  const { friends, incoming, outgoing, blocks } = client.friends.store.get();
  return {
    friends: friends.map(({ user }) => user.id).sort(),
    incoming: incoming.map(({ from }) => from.id).sort(),
    outgoing: outgoing.map(({ to }) => to.id).sort(),
    blocks: blocks.map(({ user }) => user.id).sort(),
  };
}

async function storedPeople({ database, people }: World): Promise<Map<Id, People>> {
  const rows = await database.query<{ kind: keyof People; userId: Id; id: Id }>(
    `select 'friends' as kind, user_id as "userId", friend_id as id from friends
     union all select 'incoming', to_id, from_id from friend_requests where status = 'pending'
     union all select 'outgoing', from_id, to_id from friend_requests where status = 'pending'
     union all select 'blocks', user_id, blocked_id from blocks order by id`,
  );
  const of = (userId: Id, kind: keyof People) =>
    rows.filter((row) => row.userId === userId && row.kind === kind).map((row) => row.id);
  return new Map(
    people.map(({ id }) => [
      id,
      {
        friends: of(id, 'friends'),
        incoming: of(id, 'incoming'),
        outgoing: of(id, 'outgoing'),
        blocks: of(id, 'blocks'),
      },
    ]),
  );
}
