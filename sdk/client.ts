import type { Auth } from './auth.ts';
import type { CoTalkError } from './errors.ts';
import type { Friends } from './friends.ts';
import type { Messages } from './messages.ts';
import type { PresenceApi } from './presence.ts';
import type { Rooms } from './rooms.ts';
import type { SessionStorage } from './session-storage.ts';
import type { Store } from './store.ts';
import type { Users } from './users.ts';
import type { AppConfig, Id, Message, SessionEndReason } from './protocol/index.ts';

/** What `createClient` takes. */
export interface ClientOptions {
  /** Origin of the server, for example `https://chat.example.com`. */
  server: string;
  /** Id of the app on that server. */
  app: string;
  /** Where the session is kept. Default: `localStorage` where it works, else memory. */
  storage?: SessionStorage;
}

/** The realtime connection. `offline` while signed out or without network. */
export type ConnectionStatus = 'offline' | 'connecting' | 'online';

/** What happens, by name. State is in the stores; these are for sounds, notifications and logs. */
export interface ClientEvents {
  /** A new message of somebody else, live or by catch-up, once. */
  message: { message: Message };
  /** A message sent from this client is stored. */
  sent: { message: Message };
  /** The user is signed out: by `logOut()` here or in another tab, by another device, or because the session expired. */
  'session-ended': { reason: SessionEndReason };
  /** The server's state replaced what was held: of one room, or (`null`) of everything. */
  reset: { roomId: Id | null };
  /** A failure in the background that nobody awaits. */
  error: { error: CoTalkError };
}

/** One connection to one app, for one signed-in user at a time. */
export interface Client {
  readonly server: string;
  readonly app: string;
  readonly status: Store<ConnectionStatus>;
  readonly auth: Auth;
  readonly users: Users;
  readonly friends: Friends;
  readonly rooms: Rooms;
  readonly messages: Messages;
  readonly presence: PresenceApi;

  /**
   * What the app offers: ways to sign in, features and limits. Asked once, then remembered.
   *
   * Rejects with `app_unknown`, `origin_not_allowed`, `network` or `timeout`.
   *
   * @example
   * const { limits } = await client.config();
   */
  config(): Promise<AppConfig>;

  /**
   * Listens to one kind of event. Returns the way to stop.
   *
   * @example
   * const stop = client.on('message', ({ message }) => notify(message.text));
   */
  on<K extends keyof ClientEvents>(event: K, listener: (event: ClientEvents[K]) => void): () => void;

  /**
   * Ends sockets and timers. Not a sign-out: the session stays stored.
   *
   * @example
   * window.addEventListener('pagehide', () => client.close());
   */
  close(): void;
}

/**
 * Makes a client. It restores the stored session and connects by itself whenever somebody is signed in.
 *
 * @example
 * import { createClient } from '@co-talk/sdk';
 *
 * const client = createClient({ server: 'https://chat.example.com', app: 'default' });
 * await client.auth.logIn({ email: 'mina@example.com', password: 'correct horse' });
 * client.rooms.store.subscribe(({ rooms }) => console.log(rooms.length));
 */
export declare function createClient(options: ClientOptions): Client;
