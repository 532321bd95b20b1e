import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type {
  AuthState,
  CoTalkError,
  FriendsState,
  Me,
  RoomsState,
  SessionEndReason,
  StorageChoice,
} from '@co-talk/sdk';
import { emit } from './events.ts';
import { isSetup } from './explain.ts';
import { scriptServer } from './script-server.ts';
import { acquire, release, type Prefs, type Shared, type Word } from './shared.ts';
import { StoreController } from './store-controller.ts';

interface ConnectionHooks {
  /** Somebody else is signed in now, or nobody. */
  onSwitch(me: Me | null): void;
  onEnded(reason: SessionEndReason): void;
}

/** The element's part in the client of its app: what it shows of it, and what the page hears of it. */
export class Connection implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #hooks: ConnectionHooks;
  readonly #auth: StoreController<AuthState>;
  readonly #rooms: StoreController<RoomsState>;
  readonly #friends: StoreController<FriendsState>;
  readonly #prefs: StoreController<Prefs>;
  #stops: (() => void)[] = [];
  #complaint = '';
  #ready = false;
  shared: Shared | null = null;
  user: Me | null = null;
  unread = 0;
  /** What has gone wrong last that nobody waited for. */
  error: CoTalkError | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement, hooks: ConnectionHooks) {
    this.#host = host;
    this.#hooks = hooks;
    this.#auth = new StoreController<AuthState>(host, (state) => this.#onAuth(state));
    this.#rooms = new StoreController<RoomsState>(host, (state) => this.#onRooms(state));
    this.#friends = new StoreController<FriendsState>(host);
    this.#prefs = new StoreController<Prefs>(host);
    host.addController(this);
  }

  get status(): AuthState['status'] | undefined {
    return this.#auth.value?.status;
  }

  get prefs(): Prefs {
    return this.#prefs.value ?? {};
  }

  /** Friend requests that wait for an answer. */
  get requests(): number {
    return this.#friends.value?.incoming.length ?? 0;
  }

  /** Take part in an app. Without an app or a server there is nothing to take part in: the console says so, once. */
  attach(app: string, server: string, storage: StorageChoice | null, word: Word): void {
    if (this.shared) return;
    const shared = this.#acquire(app, server || scriptServer(), storage, word);
    if (!shared) return;
    const { client } = shared;
    this.shared = shared;
    this.#auth.watch(client.auth.store);
    this.#rooms.watch(client.rooms.store);
    this.#friends.watch(client.friends.store);
    this.#prefs.watch(shared.prefs);
    this.#stops = [
      client.on('message', (detail) => emit(this.#host, 'co-talk-message', detail)),
      client.on('sent', (detail) => emit(this.#host, 'co-talk-sent', detail)),
      client.on('error', (detail) => {
        this.error = detail.error;
        this.#host.requestUpdate();
        if (isSetup(detail.error)) this.#complain(detail.error.message);
        emit(this.#host, 'co-talk-error', detail);
      }),
      client.on('session-ended', ({ reason }) => this.#hooks.onEnded(reason)),
    ];
    this.#host.requestUpdate();
  }

  detach(): void {
    const { shared } = this;
    if (!shared) return;
    for (const stop of this.#stops) stop();
    for (const store of [this.#auth, this.#rooms, this.#friends, this.#prefs]) store.watch(undefined);
    this.shared = null;
    this.#ready = false;
    release(shared);
  }

  hostUpdated(): void {
    if (!this.shared || this.#ready) return;
    this.#ready = true;
    emit(this.#host, 'co-talk-ready', { client: this.shared.client });
  }

  hostDisconnected(): void {
    this.detach();
  }

  #acquire(app: string, server: string, storage: StorageChoice | null, word: Word): Shared | null {
    if (!app) return this.#complain('<co-talk> names no app; add the attribute app="…"');
    if (!server) return this.#complain('<co-talk> names no server; add the attribute server="https://…"');
    try {
      return acquire(server.replace(/\/+$/, ''), app, storage, word);
    } catch (error) {
      return this.#complain(error instanceof Error ? error.message : String(error));
    }
  }

  #complain(why: string): null {
    if (why !== this.#complaint) console.error(`unable to start the chat; ${why.replace(/^unable to [^;]*; /, '')}`);
    this.#complaint = why;
    return null;
  }

  #onAuth({ me }: AuthState): void {
    const before = this.user;
    if (me === before) return;
    this.user = me;
    if (me?.id !== before?.id) this.#hooks.onSwitch(me);
    emit(this.#host, 'co-talk-user', { user: me });
  }

  #onRooms({ unread }: RoomsState): void {
    if (unread === this.unread) return;
    this.unread = unread;
    emit(this.#host, 'co-talk-unread', { count: unread });
  }
}
