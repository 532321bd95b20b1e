import { Client as Pg } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { createLog } from './log.ts';
import { connectDatabase, type Database } from './orm.ts';
import { ensureDirectRoom } from './rooms/direct.ts';
import { createSendQueue, type SendQueue } from './messages/send-queue.ts';
import { createSendStore, type Send } from './messages/send-store.ts';
import { createDatabase } from './testing.ts';

export const log = createLog({ logLevel: 'error', logFormat: 'json' });

/** The send queue and its database functions alone: locks held by others and broken rows cannot be had from outside. */
export interface QueueAlone {
  url: URL;
  db: Database;
  queue: SendQueue;
  /** A connection of its own, to hold locks with. */
  locker: Pg;
  /** A direct room of two new people. */
  room: (appId?: string) => Promise<{ roomId: string; one: string; other: string }>;
  close: () => Promise<void>;
}

export async function startQueue(): Promise<QueueAlone> {
  const database = await createDatabase();
  const url = new URL(database.url);
  const db = await connectDatabase(url.href, log, 5);
  const queue = createSendQueue(createSendStore(db.sendPool), log);
  const locker = new Pg({ connectionString: url.href });
  await locker.connect();
  return {
    url,
    db,
    queue,
    locker,
    room: async (appId = 'default') => {
      const [one, other] = [uuidv7(), uuidv7()];
      const { roomId } = await db.fork(appId).transactional((tx) => ensureDirectRoom(tx, appId, one, other));
      return { roomId, one, other };
    },
    close: async () => {
      await queue.close();
      await locker.end();
      await db.close();
      await database.drop();
    },
  };
}

/** A message whose text is its client id. */
export const message = (roomId: string, senderId: string, clientId: string, extra: Partial<Send> = {}): Send => ({
  ...{ appId: 'default', roomId, senderId, clientId, id: uuidv7(), text: clientId },
  ...extra,
});
