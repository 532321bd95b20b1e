import { toError } from './errors.ts';
import type { CoTalkError } from './errors.ts';
import { wait } from './http.ts';
import { arrive, asking, caughtUp, drain, first, lineAt } from './line.ts';
import type { Line, Moved, Step } from './line.ts';
import { LIMITS } from './protocol/index.ts';
import type { Heads, Id, MeLists, Room, RoomSync, SyncAnswer, SyncRequest } from './protocol/index.ts';
import { joinParts } from './steps.ts';
import type { Catchup, RoomStep, SyncTarget, UserStep } from './steps.ts';

export interface SyncDeps {
  /** Where changes go. */
  target: () => SyncTarget;
  ask: (request: SyncRequest) => Promise<SyncAnswer>;
  heads: () => Promise<Heads>;
  onError: (error: CoTalkError) => void;
}

/** Puts live changes in order, notices what is missing and fetches it (docs: delivery, "Receiving"). */
export interface Sync {
  /** A socket is welcomed. Resolves when everything up to now is applied, or the connection is gone again. */
  connected(epoch: string): Promise<void>;
  disconnected(): void;
  room(step: RoomStep): void;
  user(step: UserStep): void;
  heads(heads: Heads): void;
  /** The lists, fetched in another way. Older ones than what is applied are ignored. */
  lists(lists: MeLists): void;
  /** The page came back: ask whether anything was missed. */
  wake(): void;
  /** A room as fetched. What was applied after its `rev` while the room itself was not there is applied again. */
  know(room: Pick<Room, 'id' | 'rev'>): void;
  /** A page of a room's messages as fetched: changes are followed from its `rev` on, unless they are already. */
  follow(roomId: Id, rev: number): void;
  forget(roomId: Id): void;
  /** The server's state that is followed, and up to where the user's own changes of it are applied. */
  cursor(): { epoch: string | null; rev: number };
  /** Goes on from what was kept, before anything else has come. */
  restore(epoch: string, cursors: readonly [roomId: Id, rev: number][]): void;
  /** Where a room's changes are applied up to; 0 when unknown. */
  applied(roomId: Id): number;
  /** Fetches a room's changes after `rev` again. Resolves when they are applied, or cannot be now. */
  rewind(roomId: Id, rev: number): Promise<void>;
  /** Forgets everything: another user comes. */
  clear(): void;
}

/** How long a change may be out of its turn before what is missing is fetched. */
const PATIENCE_MS = 300;
const WAKE_MS = 5_000;
const RETRY_MS = { first: 500, most: 15_000 };
/** Stands for the signed-in user's own line where ids of rooms are expected. */
const USER = '';

export function createSync(deps: SyncDeps): Sync {
  let epoch: string | null = null;
  /** Whether the lists were ever there: without an epoch, the server gives them in any case. */
  let listed = false;
  let user: Line<UserStep> = lineAt(0);
  const rooms = new Map<Id, Line<RoomStep>>();
  /** Rooms that are held, not only their messages. */
  const known = new Set<Id>();
  /** Whose live changes wait for an answer. */
  const paused = new Set<Id>();
  /** What to ask for next. */
  const wanted = new Set<Id>();
  /** Rooms with `more` to come: applied when whole, so that new messages come in order. */
  const parts = new Map<Id, Catchup>();
  /** From where on the changes under way were asked for. */
  const asked = new Map<Id, number>();
  /** Changes of unknown rooms while the list of rooms is on its way. */
  let strangers: RoomStep[] = [];
  const timers = new Map<Id, ReturnType<typeof setTimeout>>();
  let online = false;
  /** Tells one connection from the next, across awaits. */
  let connection = 0;
  let running: Promise<void> | undefined;
  let askedAt = -WAKE_MS;

  function moveRoom(id: Id, { line, due }: Moved<RoomStep>): void {
    rooms.set(id, line);
    for (const step of due) deps.target().roomStep(step);
    look(id, line);
  }

  function moveUser({ line, due }: Moved<UserStep>): void {
    user = line;
    for (const step of due) deps.target().userStep(step);
    look(USER, line);
  }

  /** What is missing may still come by itself: fetch it only after a moment. */
  function look(id: Id, line: Line<Step>): void {
    if (line.heard <= line.applied || paused.has(id) || timers.has(id)) return;
    const timer = setTimeout(() => {
      timers.delete(id);
      const now = id === USER ? user : rooms.get(id);
      if (now && now.heard > now.applied) void want([id]);
    }, PATIENCE_MS);
    timers.set(id, timer);
  }

  function want(ids: Iterable<Id>): Promise<void> {
    for (const id of ids) wanted.add(id);
    if (!online) return Promise.resolve();
    return (running ??= run(connection));
  }

  async function run(mine: number): Promise<void> {
    let failures = 0;
    // Everything wanted in this turn goes into one question.
    await Promise.resolve();
    while (mine === connection && wanted.size > 0) {
      const held = [...wanted].filter((id) => rooms.has(id)).slice(0, LIMITS.syncRooms);
      for (const id of wanted) if (!rooms.has(id)) wanted.delete(id);
      for (const id of held) wanted.delete(id);
      for (const id of [USER, ...held]) paused.add(id);
      try {
        user = asking(user);
        for (const id of held) rooms.set(id, asking(rooms.get(id) ?? lineAt(0)));
        for (const id of held) if (!parts.has(id)) asked.set(id, rooms.get(id)?.applied ?? 0);
        const cursors = held.map((id) => ({ id, rev: parts.get(id)?.rev ?? asked.get(id) ?? 0 }));
        const answer = await deps.ask({ epoch: listed ? epoch : null, rev: user.applied, rooms: cursors });
        if (mine !== connection) return;
        failures = 0;
        take(answer, held);
      } catch (error) {
        if (mine !== connection) return;
        const failure = toError(error);
        if (!failure.retryable) parts.clear();
        resume(held);
        if (!failure.retryable) {
          deps.onError(failure);
          break;
        }
        const backoff = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failures++);
        await wait(Math.max(failure.retryAfterMs ?? 0, backoff));
        for (const id of [USER, ...held]) wanted.add(id);
      }
    }
    if (mine === connection) running = undefined;
  }

  function take(answer: SyncAnswer, held: Id[]): void {
    if (epoch !== null && answer.epoch !== epoch) {
      startOver(answer.epoch);
      return;
    }
    epoch = answer.epoch;
    deps.target().users(answer.users);
    takeLists(answer.me, held);
    answer.rooms.forEach(takeRoom);
    deps.target().markers(answer.readMarkers);
    resume(held);
  }

  /** @param held rooms that are answered for at the same time */
  function takeLists(lists: MeLists | null, held: readonly Id[] = []): void {
    if (!lists || lists.rev < user.applied) return;
    listed = true;
    deps.target().lists(lists);
    lists.rooms.forEach(know);
    user = { ...user, applied: lists.rev };
    // Older than those on the list, or left while nobody heard of it.
    const ids = lists.rooms.map(({ id }) => id);
    for (const id of known) if (!ids.includes(id)) known.delete(id);
    const told = new Set([...held, ...ids]);
    void want([...rooms.keys()].filter((id) => !told.has(id)));
  }

  function takeRoom(part: RoomSync): void {
    if ('gone' in part) {
      forget(part.id);
      deps.target().gone(part.id);
      return;
    }
    // Forgotten while it was asked for.
    if (!rooms.has(part.id)) return;
    const whole = joinParts(parts.get(part.id), part);
    if (part.more) {
      parts.set(part.id, whole);
      wanted.add(part.id);
      return;
    }
    parts.delete(part.id);
    deps.target().catchup(whole);
    const line = rooms.get(part.id);
    // Rewound meanwhile to before what was asked for: it is wanted again, from there.
    if (line && (whole.reset || line.applied >= (asked.get(part.id) ?? 0))) {
      rooms.set(part.id, { ...line, applied: whole.rev });
    }
  }

  /** Live changes go on from where the answer ended. */
  function resume(held: Id[]): void {
    for (const id of held) {
      if (parts.has(id)) continue;
      paused.delete(id);
      const line = rooms.get(id);
      if (line) moveRoom(id, caughtUp(line, line.applied));
    }
    paused.delete(USER);
    moveUser(caughtUp(user, user.applied));
    const replay = strangers;
    strangers = [];
    replay.forEach(room);
  }

  /** The server was restored: nothing that is held counts any more. */
  function startOver(next: string): void {
    forgetAll();
    epoch = next;
    deps.target().reset();
    wanted.add(USER);
  }

  function forgetAll(): void {
    epoch = null;
    listed = false;
    user = lineAt(0);
    rooms.clear();
    known.clear();
    pause();
  }

  function pause(): void {
    timers.forEach(clearTimeout);
    timers.clear();
    paused.clear();
    wanted.clear();
    parts.clear();
    asked.clear();
    strangers = [];
  }

  function disconnected(): void {
    online = false;
    connection += 1;
    running = undefined;
    pause();
  }

  function room(step: RoomStep): void {
    const { roomId } = step;
    const line = rooms.get(roomId);
    if (!line && paused.has(USER)) {
      strangers.push(step);
    } else if (!line) {
      rooms.set(roomId, lineAt(first(step) - 1));
      deps.target().unknown([roomId]);
      room(step);
    } else if (step.rev <= line.applied) {
      if (step.kind === 'message') deps.target().late(step.message);
    } else {
      const next = arrive(line, step);
      moveRoom(roomId, paused.has(roomId) ? { line: next, due: [] } : drain(next));
    }
  }

  function userStep(step: UserStep): void {
    if (step.rev <= user.applied) return;
    // Without its item a change can only be fetched.
    if (step.kind === 'me' && !step.item) return void want([USER]);
    const next = arrive(user, step);
    moveUser(paused.has(USER) ? { line: next, due: [] } : drain(next));
  }

  function heads(answer: Heads): void {
    if (answer.epoch !== epoch) return void connected(answer.epoch);
    const unknown: Id[] = [];
    for (const [id, rev] of Object.entries(answer.rooms)) {
      const line = rooms.get(id);
      if (line) moveRoom(id, { line: { ...line, heard: Math.max(line.heard, rev) }, due: [] });
      else unknown.push(id);
    }
    if (unknown.length > 0 && !paused.has(USER)) deps.target().unknown(unknown);
    moveUser({ line: { ...user, heard: Math.max(user.heard, answer.rev) }, due: [] });
  }

  function connected(next: string): Promise<void> {
    online = true;
    if (epoch !== null && next !== epoch) startOver(next);
    epoch = next;
    return want([USER, ...rooms.keys()]);
  }

  function know({ id, rev }: Pick<Room, 'id' | 'rev'>): void {
    if (!rooms.has(id)) rooms.set(id, lineAt(rev));
    const line = rooms.get(id);
    if (!known.has(id) && line && line.applied > rev) void rewind(id, rev);
    known.add(id);
  }

  function follow(id: Id, rev: number): void {
    if (rooms.has(id)) return;
    rooms.set(id, lineAt(rev));
    // The page may have been read before the user was removed, and the lists since.
    void want([id]);
  }

  function rewind(id: Id, rev: number): Promise<void> {
    const line = rooms.get(id);
    if (line) rooms.set(id, { ...line, applied: Math.min(line.applied, rev) });
    return want([id]);
  }

  function forget(id: Id): void {
    rooms.delete(id);
    known.delete(id);
    parts.delete(id);
    wanted.delete(id);
    clearTimeout(timers.get(id));
    timers.delete(id);
  }

  return {
    connected,
    disconnected,
    room,
    user: userStep,
    heads,
    lists(lists) {
      takeLists(lists);
      moveUser(caughtUp(user, user.applied));
    },
    wake() {
      if (!online || performance.now() - askedAt < WAKE_MS) return;
      askedAt = performance.now();
      const mine = connection;
      deps.heads().then(
        (answer) => {
          if (mine === connection) heads(answer);
        },
        () => undefined,
      );
    },
    know,
    follow,
    forget,
    cursor: () => ({ epoch, rev: user.applied }),
    restore(kept, cursors) {
      epoch = kept;
      for (const [id, rev] of cursors) follow(id, rev);
    },
    applied: (id) => rooms.get(id)?.applied ?? 0,
    rewind,
    clear() {
      disconnected();
      forgetAll();
    },
  };
}
