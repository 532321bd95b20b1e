import type { ReactiveControllerHost } from 'lit';
import type { Client, Id } from '@co-talk/sdk';
import type { Page, Tab } from './events.ts';
import type { SearchMemories } from './search-memory.ts';

/** A place to go to: a room, the direct room with somebody, an invitation. */
export interface Place {
  room?: Id;
  user?: Id;
  /** An invitation that somebody has followed: it stands before wherever they are. */
  invite?: string;
}

interface NavigationHooks {
  client(): Client | null;
  /** Where the page wants the element to be. */
  home(): Place | null;
  onEnter(): void;
  /** Somebody's direct room cannot be opened. */
  onFailure(error: unknown): void;
}

/** Where in the widget a person is, and where they are to go once that is possible. */
export class Navigation {
  readonly #host: ReactiveControllerHost;
  readonly #hooks: NavigationHooks;
  #wanted: Place | null = null;
  /** Tells one wish from the next, across awaits. */
  #turn = 0;
  tab: Tab = 'rooms';
  roomId: Id | null = null;
  /** A page in the place of the room, or of the list where there is no room. */
  page: Page | null = null;
  /** The message to show of the room. */
  at: { seq: number } | null = null;
  /** The search in the room is on show, in its place. */
  searching = false;
  /** The message was found there: the way back leads there. */
  #found = false;
  /** Searches as they were left. */
  readonly searches: SearchMemories = new Map();
  /** Why the page's own room is not there. */
  failure: unknown = null;
  /** Who is a guest on other pages wants to sign in with an account. */
  accounts = false;
  /** Counts the wishes to look for people. */
  finding = 0;

  constructor(host: ReactiveControllerHost, hooks: NavigationHooks) {
    this.#host = host;
    this.#hooks = hooks;
  }

  /** Somebody else is here, or nobody: nothing of the one before may stay in view. */
  reset(signedIn: boolean): void {
    this.roomId = null;
    this.page = null;
    this.searching = false;
    this.#found = false;
    this.searches.clear();
    this.failure = null;
    this.tab = 'rooms';
    this.accounts = false;
    this.#turn++;
    if (signedIn) void this.fulfil();
    this.#host.requestUpdate();
  }

  /** Go somewhere now, or after signing in. */
  async go(place: Place): Promise<void> {
    this.#wanted = place;
    if (this.#hooks.client()?.auth.store.get().me) await this.fulfil();
  }

  /** Go where the person or the page wants to be. */
  async fulfil(): Promise<void> {
    const home = this.#hooks.home();
    const { invite, ...wanted } = this.#wanted ?? {};
    const { room, user } = wanted.room || wanted.user ? wanted : (home ?? {});
    this.#wanted = null;
    this.failure = null;
    if (room) this.enter(room);
    else if (user) await this.#enterDirect(user, home?.user === user);
    if (invite) this.page = { kind: 'invite', token: invite };
    this.#host.requestUpdate();
  }

  enter(roomId: Id, seq?: number): void {
    this.#turn++;
    this.failure = null;
    this.at = seq === undefined ? null : { seq };
    this.#found = this.searching && seq !== undefined;
    this.searching = false;
    this.page = null;
    this.roomId = roomId;
    this.#host.requestUpdate();
    this.#hooks.onEnter();
  }

  /** Back to the list, or to the search that led here; the room that was left. */
  leave(): Id | null {
    const left = this.roomId;
    this.page = null;
    this.#turn++;
    this.searching = this.#found;
    this.#found = false;
    if (!this.searching) this.roomId = null;
    this.at = null;
    this.#host.requestUpdate();
    return left;
  }

  search(open: boolean): void {
    this.searching = open;
    this.#host.requestUpdate();
  }

  open(page: Page | null): void {
    this.page = page;
    this.#host.requestUpdate();
  }

  show(tab: Tab, find: boolean): void {
    this.tab = tab;
    this.finding = find ? this.finding + 1 : 0;
    this.#host.requestUpdate();
  }

  showAccounts(accounts: boolean): void {
    this.accounts = accounts;
    this.#host.requestUpdate();
  }

  async #enterDirect(userId: Id, home: boolean): Promise<void> {
    const turn = ++this.#turn;
    try {
      const room = await this.#hooks.client()?.rooms.openDirect(userId);
      if (turn === this.#turn && room) this.enter(room.id);
    } catch (error) {
      if (turn !== this.#turn) return;
      if (home) this.failure = error;
      this.#host.requestUpdate();
      this.#hooks.onFailure(error);
    }
  }
}
