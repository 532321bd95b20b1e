import type { Client, Id, Message, RoomMessages, RoomMessagesState } from '@co-talk/sdk';
import { checkState, checkVanished, nothingShown, vanished, type Shown } from './check-state.ts';
import type { Attempt, View, Violation } from './evidence.ts';

/** More of them say nothing new. */
const PROBLEMS_MAX = 20;

export interface Recorder {
  /** Opens one more room, and writes down what is shown of it. */
  show: (roomId: Id) => void;
}

/**
 * Writes down what one client shows, from now on.
 *
 * @param leaving whether the person wants to be signed out
 */
export function record(
  client: Client,
  view: View,
  rooms: readonly Id[],
  stage: { attempts: ReadonlyMap<string, Attempt>; fault: string },
  leaving: () => boolean,
): Recorder {
  const shown = new Map<Id, Shown>(rooms.map((roomId) => [roomId, nothingShown()]));

  function blame(promise: Violation['promise'], what: Violation['what'], detail: string): void {
    if (view.problems.length < PROBLEMS_MAX)
      view.problems.push({ promise, what, detail: `${view.name} (${stage.fault}): ${detail}` });
  }

  function look(roomId: Id, state: RoomMessagesState): void {
    const before = shown.get(roomId) ?? nothingShown();
    view.states += 1;
    for (const message of state.messages) {
      if (message.state !== 'failed') continue;
      const attempt = stage.attempts.get(message.text);
      if (attempt) Object.assign(attempt, { outcome: 'failed', reason: message.error?.message ?? null });
    }
    const report = ({ promise, what, detail }: Violation) => blame(promise, what, `room ${roomId}: ${detail}`);
    checkState(before, state).forEach(report);
    for (const message of vanished(before, state)) {
      // It is told to be sent right after it is shown as such.
      setTimeout(() => checkVanished(message, stage.attempts.get(message.text)?.seq ?? null, state).forEach(report));
    }
    shown.set(roomId, { ...before, state });
  }

  function sent({ text, seq }: Message): void {
    const attempt = stage.attempts.get(text);
    if (!attempt) return;
    if (attempt.outcome === 'sent' && attempt.seq !== seq)
      blame('P2', 'doubled', `"${text}" was acknowledged at ${String(attempt.seq)} and at ${seq}`);
    Object.assign(attempt, { outcome: 'sent', seq, reason: null });
  }

  client.on('sent', ({ message }) => sent(message));
  client.on('message', ({ message: { roomId, seq, senderId, text } }) => {
    view.heard.push({ roomId, seq, senderId, text });
  });
  client.on('reset', ({ roomId }) => {
    if (roomId === null) for (const id of rooms) shown.set(id, nothingShown());
  });
  client.on('session-ended', ({ reason }) => {
    if (!leaving()) blame('P11', 'silent', `signed out (${reason})`);
  });
  // After every sign-in, the same person's too, rooms are other objects.
  const open = new Map<Id, RoomMessages>();
  client.auth.store.subscribe(({ me }) => {
    if (me) rooms.forEach(show);
  });

  function show(roomId: Id): void {
    const room = client.messages.room(roomId);
    if (open.get(roomId) === room) return;
    open.set(roomId, room);
    shown.set(roomId, nothingShown());
    room.store.subscribe((state) => look(roomId, state));
    room.load().catch(() => undefined);
  }

  return { show };
}
