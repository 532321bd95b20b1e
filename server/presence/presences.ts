import type { Id, Presence } from '@co-talk/sdk/protocol';

/** Milliseconds for which a user without a socket still counts as online: a reload is not a departure. */
export const GRACE_MS = 4_000;

/** Who is connected to this node. */
export interface Presences {
  online: (userId: Id) => boolean;
  /** @returns whether the user has just come online */
  connected: (userId: Id) => boolean;
  /** `gone` is called when the user has stayed away for {@link GRACE_MS}. */
  disconnected: (userId: Id, gone: () => void) => void;
  /** @returns who was online until now */
  close: () => Id[];
}

export function createPresences(): Presences {
  const sockets = new Map<Id, number>();
  const leaving = new Map<Id, NodeJS.Timeout>();
  return {
    online: (userId) => sockets.has(userId) || leaving.has(userId),
    connected: (userId) => {
      const wasOnline = sockets.has(userId) || leaving.has(userId);
      clearTimeout(leaving.get(userId));
      leaving.delete(userId);
      sockets.set(userId, (sockets.get(userId) ?? 0) + 1);
      return !wasOnline;
    },
    disconnected: (userId, gone) => {
      const left = (sockets.get(userId) ?? 1) - 1;
      if (left > 0) {
        sockets.set(userId, left);
        return;
      }
      sockets.delete(userId);
      const timer = setTimeout(() => {
        leaving.delete(userId);
        gone();
      }, GRACE_MS);
      leaving.set(userId, timer);
    },
    close: () => {
      for (const timer of leaving.values()) clearTimeout(timer);
      const online = [...sockets.keys(), ...leaving.keys()];
      sockets.clear();
      leaving.clear();
      return online;
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
