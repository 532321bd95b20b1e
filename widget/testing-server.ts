import type {
  Block,
  Friend,
  FriendRequest,
  FoundUser,
  Me,
  Message,
  MessagePage,
  Problem,
  Room,
  SessionInfo,
  SignedIn,
} from '@co-talk/sdk/protocol';
import { ME, people, until, user } from './testing.ts';

/*
 * The server's side of the wire, in the page: what views show and ask for is seen without a server process.
 * Import it before anything that imports the SDK, which takes the page's `WebSocket` when it is loaded.
 */

export const SERVER = 'https://chat.test';

type Handler = (request: { body: unknown; query: URLSearchParams; params: string[] }) => unknown;

/** What this server knows. Change it before a view asks. */
export interface World {
  me: Me;
  friends: Friend[];
  requests: FriendRequest[];
  blocks: Block[];
  rooms: Room[];
  messages: Message[];
  found: FoundUser[];
  sessions: SessionInfo[];
  /** `[method path, body]` of every request but those that only ask. */
  asked: [string, unknown][];
  /** What came over the socket: `[event, payload]`. */
  heard: [string, unknown][];
}

export let world: World;

export function resetWorld(o: Partial<World> = {}): void {
  const me: Me = {
    ...(people.get(ME) ?? user(ME, 'Mina')),
    email: 'mina@example.com',
    emailVerified: false,
    settings: {},
  };
  world = {
    me,
    friends: [],
    requests: [],
    blocks: [],
    rooms: [],
    messages: [],
    found: [],
    sessions: [],
    asked: [],
    heard: [],
    ...o,
  };
  overrides.clear();
}

const overrides = new Map<string, Handler>();

/** Answer one route in another way: `answer('POST /auth/signup', () => refuse('email_taken', 409))`. */
export function answer(route: string, handler: Handler): void {
  overrides.set(route, handler);
}

class Refusal {
  readonly problem: Problem;
  constructor(problem: Problem) {
    this.problem = problem;
  }
}

export function refuse(code: Problem['code'], status: number, more: Partial<Problem> = {}): Refusal {
  return new Refusal({ type: 'about:blank', title: code, status, detail: code, code, retryable: false, ...more });
}

export function signedIn(): SignedIn {
  const soon = new Date(Date.now() + 900_000).toISOString();
  return {
    user: world.me,
    session: {
      sessionId: 's-1',
      accessToken: 'access',
      accessTokenExpiresAt: soon,
      accessTokenExpiresIn: 900,
      refreshToken: 'refresh',
      refreshTokenExpiresAt: soon,
      refreshTokenExpiresIn: 604_800,
    },
  };
}

const lists = () => ({
  epoch: 'e',
  rev: 1,
  me: { rev: 1, friends: world.friends, requests: world.requests, blocks: world.blocks, rooms: world.rooms },
  users: [],
  rooms: [],
  readMarkers: [],
});

function page(query: URLSearchParams, roomId: string): MessagePage {
  const all = world.messages.filter((message) => message.roomId === roomId);
  const before = Number(query.get('before') ?? Infinity);
  const after = Number(query.get('after') ?? 0);
  const within = all.filter(({ seq }) => seq < before && seq > after);
  const items = query.has('after') ? within.slice(0, 50) : within.slice(-50);
  const last = all.at(-1)?.seq ?? 0;
  return { items, users: [...people.values()], firstSeq: 1, lastSeq: last, rev: last };
}

const routes: [RegExp, Handler][] = [
  [
    /^GET \/apps\/\w+\/config$/,
    () => ({
      protocol: 1,
      features: [],
      signIn: { accounts: true, guests: false, host: false },
      limits: { messageLength: 1000 },
      pushKey: null,
    }),
  ],
  [/^POST \/auth\/(?:signup|login)$/, signedIn],
  [/^GET \/me$/, () => world.me],
  [/^PATCH \/me$/, ({ body }) => (world.me = { ...world.me, ...(body as Partial<Me>), rev: world.me.rev + 1 })],
  [/^GET \/me\/sessions$/, () => ({ items: world.sessions, next: null })],
  [/^GET \/me\/unread$/, () => ({ count: world.rooms.reduce((sum, room) => sum + (room.me?.unread ?? 0), 0) })],
  [/^POST \/sync$/, lists],
  [
    /^GET \/users$/,
    ({ query }) => ({
      items: world.found.filter(({ nickname }) => nickname.toLowerCase().includes(query.get('q')?.toLowerCase() ?? '')),
      next: null,
    }),
  ],
  [/^GET \/rooms\/([\w-]+)\/messages$/, ({ query, params }) => page(query, params[0] ?? '')],
  [
    /^GET \/rooms\/([\w-]+)$/,
    ({ params }) => world.rooms.find(({ id }) => id === params[0]) ?? refuse('not_found', 404),
  ],
  [/^GET \/rooms$/, () => ({ items: world.rooms, next: null })],
  [/^POST \/rooms$/, () => world.rooms[0]],
];

async function respond(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.origin !== SERVER) return realFetch(input, init);
  const method = init.method ?? 'GET';
  const route = `${method} ${url.pathname.replace('/api/v1', '')}`;
  const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
  if (method !== 'GET' && !route.endsWith('/sync')) world.asked.push([route, body]);
  const [pattern, handler] = overrides.has(route)
    ? [null, overrides.get(route)]
    : (routes.find(([p]) => p.test(route)) ?? []);
  const answered = await handler?.({ body, query: url.searchParams, params: pattern?.exec(route)?.slice(1) ?? [] });
  const refused = answered instanceof Refusal;
  const status = refused ? answered.problem.status : answered === undefined ? 204 : 200;
  const text = refused ? JSON.stringify(answered.problem) : answered === undefined ? null : JSON.stringify(answered);
  return new Response(text, {
    status,
    headers: { 'content-type': refused ? 'application/problem+json' : 'application/json' },
  });
}

const sockets = new Set<Wire>();

/** Send an event to everybody who is connected. */
export function push(event: string, payload: unknown): void {
  for (const socket of sockets) socket.say(`42${JSON.stringify([event, payload])}`);
}

/** Socket.IO's side of a WebSocket, as far as one client needs it. */
class Wire {
  static readonly OPEN = 1;
  readonly OPEN = 1;
  readyState = 0;
  binaryType = 'blob';
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor() {
    setTimeout(() => {
      this.readyState = 1;
      this.onopen?.();
      this.say('0{"sid":"s","upgrades":[],"pingInterval":60000,"pingTimeout":60000,"maxPayload":65536}');
    });
  }

  say(packet: string): void {
    setTimeout(() => this.onmessage?.({ data: packet }));
  }

  close(): void {
    if (!sockets.delete(this)) return;
    this.readyState = 3;
    setTimeout(() => this.onclose?.({ code: 1000, reason: '' }));
  }

  send(packet: string): void {
    if (packet.startsWith('40')) {
      sockets.add(this);
      this.say('40{"sid":"s"}');
      this.say(
        `42${JSON.stringify(['hello', { protocol: 1, features: [], epoch: 'e', serverTime: new Date().toISOString() }])}`,
      );
      return;
    }
    const [, ack, json] = /^42(\d*)(.*)$/s.exec(packet) ?? [];
    if (!json) return;
    const [event, payload] = JSON.parse(json) as [string, unknown];
    if (event !== 'sync' && event !== 'heads') world.heard.push([event, payload]);
    const data =
      event === 'sync'
        ? lists()
        : event === 'heads'
          ? { epoch: 'e', rev: 1, rooms: {} }
          : event === 'message:send'
            ? store(payload)
            : null;
    const reply = data instanceof Refusal ? { ok: false, error: data.problem } : { ok: true, data };
    if (ack) this.say(`43${ack}${JSON.stringify([reply])}`);
  }
}

function store(payload: unknown): unknown {
  const handler = overrides.get('message:send');
  if (handler) return handler({ body: payload, query: new URLSearchParams(), params: [] });
  const { roomId, clientId, text } = payload as { roomId: string; clientId: string; text: string };
  const seq = (world.messages.at(-1)?.seq ?? 0) + 1;
  const rest = {
    type: 'text',
    attachments: [],
    replyTo: null,
    mentions: [],
    reactions: [],
    linkPreview: null,
    editedAt: null,
    deletedAt: null,
  } as const;
  const message: Message = {
    id: `m-${String(seq)}`,
    roomId,
    seq,
    rev: seq,
    clientId,
    senderId: ME,
    text,
    createdAt: new Date().toISOString(),
    ...rest,
    attachments: [],
    mentions: [],
    reactions: [],
  };
  world.messages = [...world.messages, message];
  return message;
}

const realFetch = globalThis.fetch.bind(globalThis);
const RealSocket = globalThis.WebSocket;
globalThis.fetch = respond;
// The page of the tests has a socket of its own.
globalThis.WebSocket = new Proxy(RealSocket, {
  construct: (target, [url, protocols]: [string, string?]) =>
    url.startsWith(SERVER.replace('https', 'wss')) ? new Wire() : new target(url, protocols),
});
resetWorld();

/** A client that is signed in as {@link ME} and has its lists. */
export async function signIn() {
  const { createClient, memoryStorage } = await import('@co-talk/sdk');
  const client = createClient({ server: SERVER, app: 'default', storage: memoryStorage() });
  await client.auth.logIn({ email: 'mina@example.com', password: 'correct horse' });
  await until(() => client.rooms.store.get().loaded && client.status.get() === 'online', 'the lists');
  return client;
}
