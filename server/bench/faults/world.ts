import { randomUUID } from 'node:crypto';
import type { Id, Me, SignedIn } from '@co-talk/sdk';
import { breakDatabase, breakLine, type Broken } from './broken.ts';
import { startDatabase, type FaultDatabase } from './database.ts';
import { until } from './nemesis.ts';
import { createDevice, type Device, type Person, type Stage, type Tab } from './device.ts';
import type { Heal, Violation } from './evidence.ts';
import { createRandom, type Random } from './random.ts';
import { startRedis, type FaultRedis } from './redis.ts';
import { createServerNode, type ServerNode } from './server-node.ts';

export interface WorldOptions {
  seed: number;
  nodes: 1 | 2;
  /** Whether two nodes know of each other, by Redis. Where they do not, all devices go to the first one. Default: true. */
  redis?: boolean;
  people: number;
  /** Rooms by their number of members; rooms of 2 are direct ones. */
  rooms: number[];
  /** Address of a PostgreSQL that others use as well; left out, one of its own is started. */
  databaseUrl?: string;
  /** Settings of the servers. */
  env?: Record<string, string>;
  broken?: Broken;
  /** Milliseconds: whoever is not whole by then never will be. Default 90 s. */
  patienceMs?: number;
  say?: (line: string) => void;
}

/** Servers, database, Redis and people with their devices: everything that can go wrong, in one place. */
export interface World extends Stage {
  random: Random;
  patienceMs: number;
  database: FaultDatabase;
  /** `null` for one node. */
  redis: FaultRedis | null;
  nodes: ServerNode[];
  people: Person[];
  devices: Device[];
  rooms: Map<Id, Person[]>;
  heals: Heal[];
  found: Violation[];
  exits: string[];
  /** Whether nobody begins to write or read now. */
  isQuiet: boolean;
  /** How often somebody has marked something as read. */
  reads: number;
  /** All open pages. */
  tabs: () => Tab[];
  /** A text that nobody has sent before. */
  newText: () => string;
  /** People have got a room: all their pages show it. */
  adopt: (roomId: Id, members: Person[]) => void;
  addDevice: (person: Person) => Promise<Device>;
  /** A request by hand, straight to a node. Rejects when nobody answers; an answer that is an error resolves. */
  request: (node: ServerNode, method: string, path: string, token?: string, body?: unknown) => Promise<Answer>;
  /** The same of any node, again and again until it is answered: for what may be asked twice. */
  ask: (method: string, path: string, token?: string, body?: unknown) => Promise<Answer>;
  /** An access token of a session beside the person's own. */
  token: (person: Person) => Promise<string>;
  say: (line: string) => void;
  close: () => Promise<void>;
}

export interface Answer {
  status: number;
  body: unknown;
}

const SERVER_ENV = {
  NODE_ENV: 'test',
  SECRET: 'only for this run of faults, never elsewhere',
  BCRYPT_COST: '4',
  // Everybody comes from one address, and comes back without end.
  RATE_LIMIT_FACTOR: '1000',
  LOG_LEVEL: 'warn',
  LOG_FORMAT: 'json',
};
const PASSWORD = 'correct horse battery staple';
const REQUEST_MS = 15_000;

export async function createWorld(options: WorldOptions): Promise<World> {
  const { seed, broken, patienceMs = 90_000, say = () => undefined } = options;
  const random = createRandom(seed);
  const closers: (() => Promise<void>)[] = [];
  const exits: string[] = [];
  const close = async () => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
  };

  try {
    const database = await startDatabase(options.databaseUrl);
    closers.push(() => database.close());
    const redis = options.nodes > 1 && options.redis !== false ? await startRedis() : null;
    if (redis) closers.push(() => redis.close());
    const nodes: ServerNode[] = [];
    for (let place = 1; place <= options.nodes; place += 1) {
      const node = await createServerNode({
        name: `node ${place}`,
        env: {
          ...SERVER_ENV,
          DATABASE_URL: database.url,
          ...(redis && { REDIS_URL: redis.url }),
          ...(broken && { FAULTS_BROKEN: broken }),
          ...options.env,
        },
        onExit: (detail) => {
          exits.push(detail);
          say(`  ${detail}`);
        },
      });
      // One after the other: the first one makes the tables.
      await node.start();
      closers.push(() => node.kill());
      nodes.push(node);
    }

    let texts = 0;
    const [ports, words] = [random.fork(), random.fork()];
    const edit = broken && breakLine(broken);
    const world: World = {
      random,
      patienceMs,
      database,
      redis,
      nodes,
      people: [],
      devices: [],
      rooms: new Map(),
      views: [],
      fault: 'nothing yet',
      attempts: new Map(),
      heals: [],
      found: [],
      exits,
      isQuiet: false,
      reads: 0,
      say,
      port: () => {
        const up = (redis ? nodes : nodes.slice(0, 1)).filter((node) => node.isUp());
        return up.length > 0 ? ports.pick(up).port : null;
      },
      tabs: () => world.devices.flatMap((device) => device.tabs),
      newText: () => `${seed}-${(texts += 1)} ${words.pick(['hello', '안녕하세요', 'مرحبا', '👋🏽', 'x'.repeat(300)])}`,
      adopt: (roomId, members) => {
        if (world.rooms.has(roomId)) return;
        world.rooms.set(roomId, members);
        for (const member of members) member.rooms.push(roomId);
        for (const tab of world.tabs()) if (members.includes(tab.device.person)) tab.show(roomId);
      },
      addDevice: async (person) => {
        const device = await createDevice(`${person.nickname}-${world.devices.length + 1}`, person, world);
        if (edit) device.line.set({ edit });
        world.devices.push(device);
        return device;
      },
      request: (node, method, path, token, body) => request(node, method, path, token, body),
      ask: async (method, path, token, body) => {
        let answer: Answer | undefined;
        await until(
          `${method} ${path} is answered`,
          async () => {
            answer = await request(ports.pick(nodes), method, path, token, body).catch(() => undefined);
            return answer !== undefined && answer.status < 500;
          },
          patienceMs,
        );
        return answer ?? { status: 0, body: null };
      },
      token: async ({ email, password }) => {
        const { body } = await world.ask('POST', '/auth/login', undefined, { app: 'default', email, password });
        return (body as SignedIn).session.accessToken;
      },
      close,
    };
    closers.push(async () => {
      for (const device of world.devices) await device.close();
    });
    for (let place = 1; place <= options.people; place += 1) world.people.push(await signUp(world, `p${place}`));
    for (const size of options.rooms) await addRoom(world, world.random.some(world.people, size));
    if (broken) await breakDatabase(database, broken);
    return world;
  } catch (error) {
    await close();
    throw error;
  }
}

async function signUp({ nodes, random }: World, nickname: string): Promise<Person> {
  const email = `${randomUUID()}@example.com`;
  const input = { app: 'default', email, password: PASSWORD, nickname };
  const { status, body } = await request(random.pick(nodes), 'POST', '/auth/signup', undefined, input);
  if (status !== 201) throw new Error(`unable to sign up; ${JSON.stringify(body)}`);
  const { id } = (body as { user: Me }).user;
  return { id, nickname, email, password: PASSWORD, rooms: [] };
}

/** Groups cannot be made by people yet, so rooms are put in by hand. */
async function addRoom({ database, rooms }: World, members: Person[]): Promise<void> {
  const id = randomUUID();
  const isDirect = members.length === 2;
  const ids = members.map((member) => member.id).sort();
  await database.query(
    `insert into chat_rooms (id, app_id, type, name, direct_key, member_count, last_rev, rev, last_activity_at, created_at)
     values ($1, 'default', $2, $3, $4, $5, 1, 1, now(), now()) on conflict do nothing`,
    [
      id,
      isDirect ? 'direct' : 'group',
      isDirect ? null : `group of ${members.length}`,
      isDirect ? ids.join(':') : null,
      members.length,
    ],
  );
  const made = await database.query<{ user_id: Id }>(
    `insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at)
     select r.id, u.id, 'default', 'member', 1, now() from chat_rooms r, unnest($2::uuid[]) u(id) where r.id = $1 returning user_id`,
    [id, ids],
  );
  // The same two may have been picked before.
  if (made.length === 0) return;
  for (const member of members) member.rooms.push(id);
  rooms.set(id, members);
}

async function request(
  node: ServerNode,
  method: string,
  path: string,
  token?: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${node.port}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(REQUEST_MS),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}
