import type { Id, SessionEndReason } from '@co-talk/sdk/protocol';
import type { Revoked } from '../auth/revocations.ts';
import type { AppSocket } from '../events.ts';
import type { Io } from '../realtime.ts';

/** This node's sockets by session, and how they end. */
export interface Endings {
  add: (socket: AppSocket) => void;
  remove: (socket: AppSocket) => void;
  end: (socket: AppSocket, reason: SessionEndReason) => void;
  endSession: (sessionId: Id, reason: SessionEndReason) => void;
  /** Takes away what was revoked. Doing it again does nothing. */
  apply: (revoked: Revoked) => void;
}

export function createEndings(io: Io): Endings {
  const sessions = new Map<Id, Set<AppSocket>>();
  const sessionOf = (socket: AppSocket): Id => socket.data.claims.actor.sessionId;

  function end(socket: AppSocket, reason: SessionEndReason): void {
    socket.emit('session:ended', { reason });
    socket.disconnect(true);
  }

  function endSession(sessionId: Id, reason: SessionEndReason): void {
    for (const socket of sessions.get(sessionId) ?? []) end(socket, reason);
  }

  function endUser(userId: Id, reason: SessionEndReason): void {
    const { adapter, sockets } = io.of('/');
    for (const id of [...(adapter.rooms.get(`user:${userId}`) ?? [])]) {
      const socket = sockets.get(id);
      if (socket) end(socket, reason);
    }
  }

  function endApp(appId: string, reason: SessionEndReason): void {
    for (const devices of [...sessions.values()]) {
      for (const socket of [...devices]) if (socket.data.claims.appId === appId) end(socket, reason);
    }
  }

  return {
    add: (socket) => {
      const devices = sessions.get(sessionOf(socket)) ?? new Set();
      sessions.set(sessionOf(socket), devices.add(socket));
    },
    remove: (socket) => {
      const devices = sessions.get(sessionOf(socket));
      devices?.delete(socket);
      if (devices?.size === 0) sessions.delete(sessionOf(socket));
    },
    end,
    endSession,
    apply: ({ appId, userId, sessionId, roomId, reason }) => {
      if (sessionId !== null) endSession(sessionId, reason);
      else if (roomId !== null) {
        const room = `room:${roomId}`;
        io.local.in(userId === null ? room : `user:${userId}`).socketsLeave(room);
      } else if (userId === null) endApp(appId, reason);
      else endUser(userId, reason);
    },
  };
}
