import { expect, vi } from 'vitest';
import type { RoomMessages } from './messages.ts';
import { createDevice, createNetwork, type Fate } from './testing-device.ts';
import { seedRandom } from './testing-happening.ts';
import { createModelServer } from './testing-model.ts';
import type { Id } from './protocol/index.ts';

const ME = 'me';
const ROOMS = ['direct', 'group'];

/** What was shown before: it may be added to and replaced by newer, nothing else. */
interface Shown {
  /** Room and `seq` of a message to its highest revision. */
  revs: Map<string, number>;
  deleted: Set<string>;
  /** Room to how far it was read. */
  read: Map<Id, number>;
  /** Room to the revision that is applied. */
  applied: Map<Id, number>;
  /** Room to the `seq` of the last new message that was told of. */
  told: Map<Id, number>;
}

const nothing = (): Shown => ({
  revs: new Map(),
  deleted: new Set(),
  read: new Map(),
  applied: new Map(),
  told: new Map(),
});

/** A server, a network and one client of a user who is in two rooms. */
export function createWorld(fates: readonly Fate[], before: number, seed: number) {
  seedRandom(seed);
  const server = createModelServer();
  server.create('direct', 'direct', [ME, 'other']);
  server.create('group', 'group', [ME, 'other', 'third']);
  for (let n = 0; n < before; n += 1) {
    server.send(n % 4 ? 'direct' : 'group', n % 3 ? 'other' : ME, `before-${n}`, `before ${n}`);
  }
  const network = createNetwork(fates);
  const errors: unknown[] = [];
  /** What went wrong in a place where nobody may throw. */
  const broken: string[] = [];
  let shown = nothing();
  /** From when the server is another until the client has noticed, pages may bring back what was. */
  let behind = false;
  const device = createDevice(server, network, ME, {
    rewound: (roomId, rev) => shown.applied.set(roomId, Math.min(rev, shown.applied.get(roomId) ?? 0)),
    paged(was, is) {
      if (is !== was) broken.push(`a page of history moved what is applied from ${was} to ${is}`);
    },
  });
  const sends = new Map<string, { roomId: Id; outcome: 'pending' | 'sent' | 'failed' }>();
  /** Lost with what came after the backup: nobody owes them. */
  const undone = new Set<string>();

  device.on('reset', ({ roomId }) => {
    if (roomId !== null) return;
    shown = nothing();
    behind = false;
  });
  device.on('error', ({ error }) => errors.push(error));
  device.on('message', ({ message: { roomId, seq } }) => {
    if (seq <= (shown.told.get(roomId) ?? 0)) broken.push(`message ${seq} of ${roomId} was told of again, or late`);
    shown.told.set(roomId, seq);
  });
  device.connect();

  const api = (roomId: Id): RoomMessages => device.messages.messages.room(roomId);
  const isMember = (roomId: Id) => server.lists(ME).rooms.some(({ id }) => id === roomId);

  function checkRoom(roomId: Id): void {
    const { messages } = api(roomId).store.get();
    const stored = messages.filter((one) => one.state === 'sent');
    expect(messages.slice(0, stored.length), 'unsent messages come last').toEqual(stored);
    expect(new Set(messages.map(({ clientId }) => clientId)).size, 'nothing twice').toBe(messages.length);
    const seqs = stored.map(({ seq }) => seq);
    expect(seqs, 'in order').toEqual([...seqs].sort((a, b) => a - b));
    // Mine that are stored already may stand behind a hole; what others wrote may not.
    const hole = seqs.findIndex((seq, index) => seq !== (seqs[0] ?? 0) + index);
    if (hole >= 0) expect(stored.slice(hole).map(({ senderId }) => senderId)).toEqual(stored.slice(hole).map(() => ME));
    for (const { seq, rev, deletedAt } of behind ? [] : stored) {
      const key = `${roomId} ${seq}`;
      expect(rev, `${key} never becomes older`).toBeGreaterThanOrEqual(shown.revs.get(key) ?? 0);
      shown.revs.set(key, rev);
      if (deletedAt) shown.deleted.add(key);
      expect(shown.deleted.has(key), `${key} stays deleted`).toBe(deletedAt !== null);
    }
  }

  return {
    server,
    device,
    member: isMember,
    /** I write something. */
    send(roomId: Id): void {
      const text = `mine ${sends.size}`;
      const outcome = (what: 'pending' | 'sent' | 'failed') => void sends.set(text, { roomId, outcome: what });
      outcome('pending');
      api(roomId)
        .send(text)
        .then(
          () => outcome('sent'),
          () => outcome('failed'),
        );
    },
    /** A page of history; it may fail like everything else. */
    ask(roomId: Id, run: (api: RoomMessages) => Promise<void>): void {
      run(api(roomId)).catch(() => undefined);
    },
    restore(lost: number): void {
      const had = server.texts();
      server.restore(lost);
      for (const text of had) if (!server.texts().includes(text)) undone.add(text);
      // A server that comes back has no connections.
      behind = true;
      network.cut();
      if (device.online()) device.disconnect();
    },
    /** What must hold at any time. */
    check(): void {
      expect(broken).toEqual([]);
      for (const roomId of ROOMS) {
        checkRoom(roomId);
        const applied = device.sync.applied(roomId);
        expect(applied, 'what is applied only moves forward').toBeGreaterThanOrEqual(shown.applied.get(roomId) ?? 0);
        shown.applied.set(roomId, applied);
      }
      for (const { id, me } of device.rooms.rooms.store.get().rooms) {
        expect(me?.readSeq, 'read markers only move forward').toBeGreaterThanOrEqual(shown.read.get(id) ?? 0);
        shown.read.set(id, me?.readSeq ?? 0);
      }
    },
    /** Everything becomes quiet: then all is as the server has it. */
    async settle(): Promise<void> {
      network.calm();
      // What is still on its way never comes.
      device.wire().length = 0;
      if (!device.online()) device.connect();
      await vi.advanceTimersByTimeAsync(60_000);
      device.sync.heads(server.heads(ME));
      await vi.advanceTimersByTimeAsync(2_000);
      this.check();

      expect(errors).toEqual([]);
      const lists = server.lists(ME);
      const { rooms, unread } = device.rooms.rooms.store.get();
      const byId = (list: readonly { id: Id }[]) => new Map(list.map((one) => [one.id, one]));
      expect(byId(rooms)).toEqual(byId(lists.rooms));
      expect(unread).toBe(lists.rooms.reduce((sum, { me }) => sum + (me && !me.muted ? me.unread : 0), 0));
      expect(
        device.friends.friends.store
          .get()
          .friends.map(({ user }) => user.id)
          .sort(),
      ).toEqual(lists.friends.map(({ user }) => user.id).sort());

      for (const roomId of ROOMS) await this.settled(roomId);
      this.check();
      const failed = ROOMS.flatMap((id) => device.outbox.entries(id)).map(({ text }) => text);
      for (const [text, { roomId, outcome }] of sends) {
        const times = server.texts().filter((one) => one === text).length;
        expect(outcome).not.toBe('pending');
        if (undone.has(text) || !isMember(roomId)) expect(times).toBeLessThanOrEqual(1);
        else expect({ text, outcome, times }).toEqual({ text, outcome, times: failed.includes(text) ? 0 : 1 });
      }
    },
    async settled(roomId: Id): Promise<void> {
      const room = api(roomId);
      const go = async (run: Promise<void>) => {
        let done = false;
        run.then(() => (done = true)).catch((error: unknown) => errors.push(error));
        await vi.advanceTimersByTimeAsync(1_000);
        expect({ done, errors }, 'a page comes').toEqual({ done: true, errors: [] });
      };
      if (!isMember(roomId)) {
        expect(
          room.store.get().messages.filter(({ state }) => state === 'sent'),
          'no leak',
        ).toEqual([]);
        return;
      }
      await go(room.load());
      await go(room.loadLatest());
      for (let n = 0; n < 100 && room.store.get().hasBefore; n += 1) await go(room.loadBefore());
      const stored = room.store.get().messages.filter(({ state }) => state === 'sent');
      expect(stored).toEqual(server.messages(roomId).map((one) => ({ ...one, state: 'sent' })));
    },
  };
}

export type World = ReturnType<typeof createWorld>;
