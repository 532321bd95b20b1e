/** So many times at once, and again after so many seconds; in between, in proportion. */
export interface Rate {
  times: number;
  seconds: number;
}

/** Whom a limit is about. `address`: an IPv4 address, or an IPv6 network of 64 bits. */
export const SCOPES = ['socket', 'user', 'address', 'app'] as const;
export type Scope = (typeof SCOPES)[number];

/** What may be done how often. */
export interface LimitClass extends Partial<Record<Scope, Rate>> {
  /** Ends the sentence "unable to …". */
  doing: string;
  /**
   * `here`: in the memory of each server, without waiting; with Redis, servers add up users and addresses each second.
   * `shared`: in Redis where there is Redis, one question for each action.
   */
  counted: 'here' | 'shared';
  /** Requests of this class. Those of no class are `reads` where they are GET, else `writes`. */
  routes?: readonly string[];
  /** Socket events of this class. Those of no class are `signals`. */
  events?: readonly string[];
}

const per = (seconds: number) => (times: number) => ({ times, seconds });
const halfMinute = per(30);
const minute = per(60);
const tenMinutes = per(600);
const hour = per(3_600);

/**
 * All limits. Nobody who uses a chat by hand, on several devices, behind one address with a thousand others, should ever meet one;
 * a program that floods should meet them at once. `RATE_LIMIT_FACTOR` multiplies the times.
 */
export const LIMIT_CLASSES = {
  requests: {
    doing: 'answer',
    counted: 'here',
    address: minute(30_000),
  },
  signUps: {
    doing: 'sign up',
    counted: 'shared',
    routes: ['POST /auth/signup'],
    address: tenMinutes(60),
    app: tenMinutes(6_000),
  },
  guests: {
    doing: 'sign in as a guest',
    counted: 'shared',
    routes: ['POST /auth/guest'],
    address: tenMinutes(600),
    app: tenMinutes(60_000),
  },
  sessions: {
    doing: 'sign in',
    counted: 'here',
    routes: ['POST /auth/login', 'POST /auth/refresh', 'POST /auth/exchange'],
    address: minute(1_200),
    app: minute(60_000),
  },
  mails: {
    doing: 'send mail',
    counted: 'shared',
    routes: ['POST /auth/password/forgot', 'POST /me/email/verification'],
    user: hour(20),
    address: tenMinutes(30),
    app: tenMinutes(2_000),
  },
  exports: {
    doing: 'export what is kept of you',
    counted: 'shared',
    routes: ['GET /me/export'],
    user: hour(20),
    address: hour(400),
    app: hour(4_000),
  },
  peopleSearches: {
    doing: 'search for people',
    counted: 'shared',
    routes: ['GET /users'],
    user: minute(120),
    address: minute(2_400),
    app: minute(12_000),
  },
  emailSearches: {
    doing: 'search for an e-mail address',
    counted: 'shared',
    user: hour(200),
    address: hour(2_000),
    app: hour(20_000),
  },
  messageSearches: {
    doing: 'search messages',
    counted: 'shared',
    routes: ['GET /search/messages'],
    user: minute(120),
    address: minute(2_400),
    app: minute(12_000),
  },
  friendRequests: {
    doing: 'ask for friendship',
    counted: 'shared',
    routes: ['POST /friends/requests'],
    user: tenMinutes(60),
    address: tenMinutes(1_200),
    app: tenMinutes(12_000),
  },
  rooms: {
    doing: 'open a room',
    counted: 'shared',
    routes: ['POST /rooms'],
    user: tenMinutes(100),
    address: tenMinutes(2_000),
    app: tenMinutes(20_000),
  },
  memberships: {
    doing: 'change who is in a room',
    counted: 'shared',
    routes: [
      'POST /rooms/:id/members',
      'POST /rooms/:id/join',
      'POST /rooms/:id/leave',
      'POST /invites/preview',
      'POST /invites/join',
    ],
    user: tenMinutes(300),
    address: tenMinutes(6_000),
    app: tenMinutes(60_000),
  },
  reports: {
    doing: 'report the message',
    counted: 'shared',
    routes: ['POST /rooms/:id/messages/:messageId/report'],
    user: tenMinutes(60),
    address: tenMinutes(1_200),
    app: tenMinutes(12_000),
  },
  uploads: {
    doing: 'take the file',
    counted: 'shared',
    routes: ['POST /files'],
    user: tenMinutes(300),
    address: tenMinutes(6_000),
    app: tenMinutes(60_000),
  },
  messages: {
    doing: 'send the message',
    counted: 'here',
    routes: ['POST /rooms/:id/messages'],
    events: ['message:send'],
    socket: minute(600),
    user: minute(1_200),
    address: minute(30_000),
    app: minute(300_000),
  },
  changes: {
    doing: 'change the message',
    counted: 'here',
    routes: ['PATCH /rooms/:id/messages/:messageId', 'DELETE /rooms/:id/messages/:messageId'],
    events: ['message:edit', 'message:delete'],
    socket: minute(120),
    user: minute(240),
    address: minute(6_000),
    app: minute(60_000),
  },
  reactions: {
    doing: 'react',
    counted: 'here',
    routes: [
      'PUT /rooms/:id/messages/:messageId/reactions/:emoji',
      'DELETE /rooms/:id/messages/:messageId/reactions/:emoji',
    ],
    events: ['message:react'],
    socket: minute(240),
    user: minute(480),
    address: minute(12_000),
    app: minute(120_000),
  },
  forwards: {
    doing: 'forward the message',
    counted: 'here',
    routes: ['POST /rooms/:id/messages/:messageId/forward'],
    user: minute(30),
    address: minute(600),
    app: minute(6_000),
  },
  signals: {
    doing: 'answer',
    counted: 'here',
    events: ['typing', 'room:read', 'room:delivered', 'heads', 'auth:renew'],
    socket: halfMinute(600),
    user: halfMinute(1_800),
    address: halfMinute(45_000),
    app: halfMinute(450_000),
  },
  syncs: {
    doing: 'catch up',
    counted: 'here',
    routes: ['POST /sync'],
    events: ['sync'],
    socket: minute(120),
    user: minute(360),
    address: minute(12_000),
    app: minute(60_000),
  },
  reads: {
    doing: 'answer',
    counted: 'here',
    routes: ['POST /files/urls'],
    user: minute(900),
    address: minute(18_000),
    app: minute(180_000),
  },
  writes: {
    doing: 'answer',
    counted: 'here',
    user: minute(300),
    address: minute(6_000),
    app: minute(60_000),
  },
  admin: {
    doing: 'answer',
    counted: 'here',
    user: minute(3_000),
    address: minute(6_000),
  },
  handshakes: {
    doing: 'connect',
    counted: 'here',
    user: minute(120),
    address: minute(2_400),
    app: minute(60_000),
  },
  /** What a socket may be refused before it is closed. */
  refusals: {
    doing: 'stay connected',
    counted: 'here',
    socket: halfMinute(3_000),
  },
} as const satisfies Record<string, LimitClass>;

export type ClassName = keyof typeof LIMIT_CLASSES;

/** In the order of {@link LIMIT_CLASSES}: hot code knows a class by its place. */
export const CLASS_NAMES = Object.keys(LIMIT_CLASSES) as ClassName[];

export const nameOfClass = (kind: number): ClassName => CLASS_NAMES[kind] ?? 'signals';

export const limitClass = (name: ClassName): LimitClass => LIMIT_CLASSES[name];

/**
 * Attempts to sign in that were wrong: see `guesses.ts` for how they belong together. All are counted in Redis where there is Redis.
 */
export const GUESSES = {
  /** From a device that has signed in to this account before: for this device and account. */
  device: tenMinutes(10),
  /** For one account from one address. */
  accountHere: tenMinutes(10),
  /** From one address, for all accounts. */
  address: tenMinutes(100),
  /** For one account, from all addresses it is not known at. */
  account: hour(50),
  /** Of one app, from all addresses that the account is not known at. */
  app: tenMinutes(6_000),
  /** Of admin keys and of the operator's, from one address. */
  adminKeys: tenMinutes(30),
} as const satisfies Record<string, Rate>;

export type GuessName = keyof typeof GUESSES;

/** Connections at the same time, on one server. */
export const CAPS = {
  /** Devices times open pages, and then some. Not multiplied. */
  socketsPerUser: 50,
  socketsPerAddress: 5_000,
  /** Connections that have not said who they are; beyond it, the one that has waited longest is closed. */
  waitingPerAddress: 500,
  waiting: 2_000,
} as const;

const classes = Object.entries(LIMIT_CLASSES) as [ClassName, LimitClass][];

/** The class of a route, such as `POST /rooms`. */
export function classOfRoute(route: string): ClassName {
  const [name] = classes.find(([, { routes }]) => routes?.includes(route)) ?? [];
  if (name) return name;
  if (/^\w+ \/admin\//.test(route)) return 'admin';
  return route.startsWith('GET ') ? 'reads' : 'writes';
}

/** The class of a socket event, by its place in {@link CLASS_NAMES}. Of one that does not exist as well. */
export function classOfEvent(event: string): number {
  const [name] = classes.find(([, { events }]) => events?.includes(event)) ?? [];
  return CLASS_NAMES.indexOf(name ?? 'signals');
}
