import type { Http } from './http.ts';
import type { RoomsChange } from './rooms-state.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';
import type { Id, Member, MemberPage, User } from './protocol/index.ts';

export interface MembersState {
  /** False until the first page has arrived. */
  loaded: boolean;
  /** The owner, admins, then the others, each in order of joining. */
  members: readonly Member[];
  hasMore: boolean;
}

/** Who is in a room: as far as it was fetched, and live. */
export interface MemberList {
  readonly store: Store<MembersState>;

  /**
   * Fetches the first 50 members; does nothing when they are there.
   *
   * Rejects with `not_found`, `network` or `timeout`.
   *
   * @example
   * const list = client.rooms.memberList(room.id);
   * list.store.subscribe(({ members }) => render(members));
   * await list.load();
   */
  load(): Promise<void>;

  /**
   * Fetches the next 50; does nothing when there are none.
   *
   * Rejects with `not_found`, `network` or `timeout`.
   *
   * @example
   * if (list.store.get().hasMore) await list.loadMore();
   */
  loadMore(): Promise<void>;
}

/** What has become of one member, and at which of the room's revisions. */
interface Turn {
  userId: Id;
  member: Member | null;
  rev: number;
}

const RANKS = { owner: 0, admin: 1, member: 2 };
const placeOf = ({ role, joinedAt, user }: Member): string => `${RANKS[role]}${joinedAt}${user.id}`;

/** Puts a member where they belong, or out. Whoever would stand behind what was fetched comes with it. */
export function reduceMembers(members: readonly Member[], { userId, member }: Turn, whole: boolean): Member[] {
  const others = members.filter(({ user }) => user.id !== userId);
  const last = others.at(-1);
  if (!member || (!whole && (!last || placeOf(member) > placeOf(last)))) return others;
  const after = others.findIndex((other) => placeOf(other) > placeOf(member));
  return others.toSpliced(after < 0 ? others.length : after, 0, member);
}

const EMPTY: MembersState = { loaded: false, members: [], hasMore: false };

interface Keeper {
  api: MemberList;
  take: (turns: readonly Turn[]) => void;
  again: () => void;
  forget: () => void;
}

/** @param heard takes in people for every store at once */
export function createMemberLists(http: Http, heard: (users: readonly User[]) => void) {
  const lists = new Map<Id, Keeper>();

  function open(roomId: Id): Keeper {
    const store = createStore(EMPTY);
    let next: string | null = null;
    let running: Promise<unknown> | undefined;
    /** What came while a page was on its way, which may be older. */
    let meanwhile: Turn[] = [];

    function put(members: readonly Member[], turns: readonly Turn[]): void {
      const known = turns.reduce((list, turn) => reduceMembers(list, turn, next === null), members);
      store.set({ loaded: true, members: known, hasMore: next !== null });
    }

    function page(cursor?: string): Promise<void> {
      meanwhile = [];
      const apply = (answer: MemberPage) => {
        const before = cursor ? store.get().members : [];
        const known = new Set(before.map(({ user }) => user.id));
        next = answer.next;
        heard(answer.items.map(({ user }) => user));
        put(
          [...before, ...answer.items.filter(({ user }) => !known.has(user.id))],
          meanwhile.filter(({ rev }) => rev > answer.rev),
        );
      };
      const call = http.call<MemberPage>('GET', `/rooms/${roomId}/members`, { query: { cursor }, apply });
      running = call.finally(() => (running = undefined));
      return call.then();
    }

    const keeper: Keeper = {
      api: {
        store,
        async load() {
          await running;
          if (!store.get().loaded) await page();
        },
        async loadMore() {
          await running;
          if (next !== null) await page(next);
        },
      },
      take(turns) {
        if (running) meanwhile.push(...turns);
        if (store.get().loaded) put(store.get().members, turns);
      },
      again() {
        if (store.get().loaded) page().catch(() => undefined);
      },
      forget() {
        next = null;
        store.set(EMPTY);
      },
    };
    lists.set(roomId, keeper);
    return keeper;
  }

  return {
    list: (roomId: Id): MemberList => (lists.get(roomId) ?? open(roomId)).api,
    apply(change: RoomsChange): void {
      if (change.kind === 'member') lists.get(change.roomId)?.take([change]);
      else if (change.kind === 'gone') lists.get(change.roomId)?.forget();
      else if (change.kind === 'catchup') {
        const { id, rev, members, reset } = change.catchup;
        if (reset) lists.get(id)?.again();
        else lists.get(id)?.take(members.map((turn) => ({ ...turn, rev })));
      }
    },
    clear: () => lists.forEach((list) => list.forget()),
  };
}
