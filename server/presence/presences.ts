import type { Id, Presence } from '@co-talk/sdk/protocol';
import type { Registry } from './registry.ts';

/** Milliseconds for which a user without a socket still counts as online: a reload is not a departure. */
export const GRACE_MS = 4_000;

/** Who is connected. */
export interface Presences {
  /** On any node. */
  online: (userId: Id) => boolean;
  /** How many sockets the user has on this node. */
  sockets: (userId: Id) => number;
  /** A socket has come. @returns whether the user was online nowhere */
  connected: (userId: Id) => Promise<boolean>;
  /** A socket has gone. `gone` is called when the user has stayed away from all nodes for {@link GRACE_MS}. */
  disconnected: (userId: Id, gone: () => void) => void;
  /** @returns who was online on this node until now */
  close: () => Promise<Id[]>;
}

/** Without a registry this node is the only one. */
export function createPresences(createRegistry: ((here: () => Id[]) => Registry) | null = null): Presences {
  const sockets = new Map<Id, number>();
  const leaving = new Map<Id, NodeJS.Timeout>();
  const here = (): Id[] => [...sockets.keys(), ...leaving.keys()];
  const registry = createRegistry?.(here);
  let closed = false;
  return {
    online: (userId) => sockets.has(userId) || leaving.has(userId) || registry?.elsewhere(userId) === true,
    sockets: (userId) => sockets.get(userId) ?? 0,
    connected: async (userId) => {
      const wasHere = sockets.has(userId) || leaving.has(userId);
      clearTimeout(leaving.get(userId));
      leaving.delete(userId);
      sockets.set(userId, (sockets.get(userId) ?? 0) + 1);
      if (wasHere) return false;
      return registry ? registry.add(userId) : true;
    },
    disconnected: (userId, gone) => {
      if (closed) return;
      const left = (sockets.get(userId) ?? 1) - 1;
      if (left > 0) {
        sockets.set(userId, left);
        return;
      }
      sockets.delete(userId);
      const timer = setTimeout(() => {
        leaving.delete(userId);
        void (registry?.remove(userId) ?? Promise.resolve(true)).then((nowhere) => {
          if (nowhere && !sockets.has(userId)) gone();
        });
      }, GRACE_MS);
      leaving.set(userId, timer);
    },
    close: async () => {
      closed = true;
      for (const timer of leaving.values()) clearTimeout(timer);
      await registry?.close();
      return here();
    },
  };
}

/** A user's presence as it travels. */
export function presenceOf(presences: Presences, userId: Id, lastSeenAt: Date | null): Presence {
  return { userId, online: presences.online(userId), lastSeenAt: lastSeenAt?.toISOString() ?? null };
}

/** What is seen of the presence of somebody one may not see. */
export function hiddenPresence(userId: Id): Presence {
  return { userId, online: false, lastSeenAt: null };
}
