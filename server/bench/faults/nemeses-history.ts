import type { Tab } from './device.ts';
import { BY_HAND } from './check.ts';
import { pause, quiet, settled, until, type Nemesis } from './nemesis.ts';
import type { World } from './world.ts';

const BACKLOG = 100_000;

/** Ends all servers, does `work` on the database while nobody uses it, and starts them again. */
async function withoutServers(world: World, work: () => Promise<void>): Promise<void> {
  for (const node of world.nodes) await node.end();
  await work();
  for (const node of world.nodes) await node.start();
}

/** What was written since the backup is gone, and nobody is to blame. */
async function forgetLost({ database, attempts, views }: World): Promise<void> {
  const rows = await database.query<{ text: string }>('select text from messages');
  const kept = new Set(rows.map(({ text }) => text));
  for (const [text, { outcome }] of attempts) if (outcome === 'sent' && !kept.has(text)) attempts.delete(text);
  for (const view of views) view.heard = view.heard.filter(({ text }) => kept.has(text));
}

/** Of tokens that were renewed since the backup the database knows nothing any more: those people sign in once more. */
async function signInAgain(world: World): Promise<void> {
  const isThrough = ({ client }: Tab) =>
    client.status.get() === 'online' || client.auth.store.get().status === 'signed-out';
  await until('everybody is back, or signed out', () => world.tabs().every(isThrough), world.patienceMs);
  // A token that still holds is renewed before long, in vain.
  for (const tab of world.tabs()) await tab.signIn();
  for (const tab of world.tabs()) tab.leaving = false;
}

export const historyNemeses: Nemesis[] = [
  {
    name: 'the last event of a room lost',
    isLong: true,
    limitMs: 30_000,
    run: async (world) => {
      await quiet(world);
      const [speaker, ...others] = world.random.shuffle(world.devices);
      for (const { line } of others)
        line.set({ edit: (packet) => (packet.startsWith('42["message"') ? 'drop' : 'pass') });
      const [tab] = speaker?.tabs ?? [];
      tab?.send(world.random.pick(tab.device.person.rooms), world.newText());
      await settled(world);
      await pause(200);
      for (const { line } of others) line.set({});
    },
  },
  {
    name: `a backlog of ${BACKLOG.toLocaleString('en')} messages`,
    isLong: true,
    run: async (world) => {
      const device = world.random.pick(world.devices);
      const roomId = world.random.pick(device.person.rooms);
      device.line.set({ refuse: true });
      device.line.cut();
      await world.database.query(
        `with room as (
           update chat_rooms set last_seq = last_seq + $2, last_rev = last_rev + $2 where id = $1 returning last_seq - $2 as seq, last_rev - $2 as rev
         )
         insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
         select $1, room.seq + n, 'default', (left(gen_random_uuid()::text, 28) || lpad(to_hex(room.seq + n), 8, '0'))::uuid,
           room.rev + n, '${BY_HAND}' || gen_random_uuid(), $3, '${BY_HAND}' || n, now()
         from room, generate_series(1, $2::int) n`,
        [roomId, BACKLOG, device.person.id],
      );
      device.line.set({});
      // Nobody was told: the next message shows everybody that they have missed something.
      const tabs = world.tabs().filter(({ device: { person } }) => person.rooms.includes(roomId));
      world.random.pick(tabs).send(roomId, world.newText());
      await until('everybody is back', () => tabs.every(({ client }) => client.status.get() === 'online'), 60_000);
    },
  },
  {
    name: 'a backup restored',
    isLong: true,
    run: async (world) => {
      const { database } = world;
      await quiet(world);
      await withoutServers(world, () =>
        database.offline((admin, name) => admin.query(`create database ${name}_backup template ${name}`)),
      );
      world.isQuiet = false;
      await pause(3_000);
      await quiet(world);
      for (const tab of world.tabs()) tab.leaving = true;
      await withoutServers(world, async () => {
        await database.offline(async (admin, name) => {
          await admin.query(`drop database ${name}`);
          await admin.query(`alter database ${name}_backup rename to ${name}`);
        });
        await database.query('update installation set epoch = gen_random_uuid()');
        await forgetLost(world);
      });
      await signInAgain(world);
    },
  },
];
