import { randomUUID } from 'node:crypto';
import type { Id, Message, Room, SignedIn } from '@co-talk/sdk';
import type { Attempt } from './evidence.ts';
import type { Person, Tab } from './device.ts';
import { pause, until, type Nemesis } from './nemesis.ts';
import type { Answer, World } from './world.ts';

const ok = ({ status }: Answer) => status === 200 || status === 201;

function attempt(world: World, person: Person, roomId: Id, more: Partial<Attempt>): Attempt {
  const made: Attempt = {
    ...{ text: world.newText(), roomId, senderId: person.id, line: null },
    ...{ outcome: 'pending', seq: null, reason: null, waived: null },
    ...more,
  };
  world.attempts.set(made.text, made);
  return made;
}

const send = (world: World, token: string, roomId: Id, clientId: string, text: string) =>
  world.ask('POST', `/rooms/${roomId}/messages`, token, { clientId, text });

/** Two people with a page each. */
function pair({ random, devices }: World): [Tab, Tab] {
  const [one, ...rest] = random.shuffle(devices.flatMap(({ tabs }) => tabs.slice(0, 1)));
  const other = rest.find(({ device }) => device.person !== one?.device.person);
  if (!one || !other) throw new Error('unable to go on; two people are needed');
  return [one, other];
}

/** Takes in a direct room that has come up. */
async function adoptDirect(world: World, one: Person, other: Person): Promise<void> {
  const key = [one.id, other.id].sort().join(':');
  const [room] = await world.database.query<{ id: Id }>('select id from chat_rooms where direct_key = $1', [key]);
  if (room) world.adopt(room.id, [one, other]);
}

export const raceNemeses: Nemesis[] = [
  {
    name: '50 sends of one id at once',
    run: async (world) => {
      const person = world.random.pick(world.people);
      const roomId = world.random.pick(person.rooms);
      const token = await world.token(person);
      const made = attempt(world, person, roomId, {});
      const clientId = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => send(world, token, roomId, clientId, made.text)),
      );
      const seqs = new Set(answers.filter(ok).map(({ body }) => (body as Message).seq));
      if (seqs.size !== 1)
        world.found.push({
          promise: 'P2',
          what: 'doubled',
          detail: `50 sends of one id were told ${[...seqs].join()}`,
        });
      Object.assign(made, { outcome: 'sent', seq: [...seqs][0] ?? null });
    },
  },
  {
    name: 'the same id with another text',
    run: async (world) => {
      const person = world.random.pick(world.people);
      const roomId = world.random.pick(person.rooms);
      const token = await world.token(person);
      const clientId = randomUUID();
      const first = attempt(world, person, roomId, {});
      const second = attempt(world, person, roomId, { outcome: 'failed', reason: 'its id belongs to another message' });
      const [kept, refused] = [
        await send(world, token, roomId, clientId, first.text),
        await send(world, token, roomId, clientId, second.text),
      ];
      Object.assign(first, { outcome: 'sent', seq: (kept.body as Message).seq });
      if (refused.status !== 200 || (refused.body as Message).text !== first.text)
        world.found.push({
          promise: 'P2',
          what: 'doubled',
          detail: `another text under one id: ${JSON.stringify(refused)}`,
        });
    },
  },
  {
    name: 'a token refreshed five times at once',
    run: async (world) => {
      const { email, password } = world.random.pick(world.people);
      const login = await world.ask('POST', '/auth/login', undefined, { app: 'default', email, password });
      const { refreshToken } = (login.body as SignedIn).session;
      const refresh = (token: string) =>
        world.request(world.random.pick(world.nodes), 'POST', '/auth/refresh', undefined, { refreshToken: token });
      const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(refreshToken)));
      const again = await Promise.all(
        answers.filter(ok).map(({ body }) => refresh((body as SignedIn).session.refreshToken)),
      );
      if (!answers.every(ok) || !again.some(ok)) {
        const detail = `refreshing at once ended a session: ${[...answers, ...again].map(({ status }) => status).join()}`;
        world.found.push({ promise: 'P11', what: 'silent', detail });
      }
    },
  },
  {
    name: 'joining and catching up under fire',
    run: async (world) => {
      const { random, devices } = world;
      for (let times = 0; times < 12; times += 1) {
        const device = random.pick(devices);
        device.line.cut(random.pick(['end', 'reset']));
        const roomId = random.pick(device.person.rooms);
        const others = world
          .tabs()
          .filter(({ device: { person } }) => person !== device.person && person.rooms.includes(roomId));
        for (let sent = 0; sent < 8; sent += 1) {
          random.pick(others).send(roomId, world.newText());
          await pause(random.whole(5, 60));
        }
      }
    },
  },
  {
    name: 'friend requests that cross',
    run: async (world) => {
      const [one, other] = pair(world);
      const [a, b] = [one.device.person, other.device.person];
      await Promise.allSettled([one.client.friends.request(b.id), other.client.friends.request(a.id)]);
      await until('both are friends', async () => {
        const rows = await world.database.query(
          'select 1 as found from friends where user_id = $1 and friend_id = $2',
          [a.id, b.id],
        );
        return rows.length > 0;
      });
      await adoptDirect(world, a, b);
    },
  },
  {
    name: 'accepted, cancelled and blocked at once',
    run: async (world) => {
      const [one, other] = pair(world);
      const [a, b] = [one.device.person, other.device.person];
      await one.client.friends.request(b.id).catch(() => undefined);
      const incoming = () => other.client.friends.store.get().incoming.find(({ from }) => from.id === a.id);
      await until('the request arrives', () => incoming() !== undefined, 2_000).catch(() => undefined);
      const id = incoming()?.id ?? randomUUID();
      await Promise.allSettled(
        world.random
          .shuffle([
            () => other.client.friends.accept(id),
            () => one.client.friends.cancel(id),
            () => other.client.friends.block(a.id),
            () => one.client.friends.block(b.id),
          ])
          .map((run) => run()),
      );
      await Promise.allSettled([other.client.friends.unblock(a.id), one.client.friends.unblock(b.id)]);
      await adoptDirect(world, a, b);
    },
  },
  {
    name: 'a direct room opened by both at once',
    run: async (world) => {
      const [one, other] = pair(world);
      const [a, b] = [one.device.person, other.device.person];
      const [tokenA, tokenB] = [await world.token(a), await world.token(b)];
      const open = (token: string, userId: Id) => world.ask('POST', '/rooms', token, { type: 'direct', userId });
      const answers = await Promise.all([
        ...Array.from({ length: 5 }, () => open(tokenA, b.id)),
        ...Array.from({ length: 5 }, () => open(tokenB, a.id)),
      ]);
      const ids = new Set(answers.filter(ok).map(({ body }) => (body as Room).id));
      if (ids.size !== 1)
        world.found.push({ promise: 'P7', what: 'doubled', detail: `two people have ${ids.size} direct rooms` });
      await adoptDirect(world, a, b);
    },
  },
];
