import { randomUUID } from 'node:crypto';
import { eventually, startTestApp, type Person, type TestApp } from '../server/testing.ts';
import { createHostSite, type HostSite } from '../server/testing-host.ts';
import {
  createClient,
  type Client,
  type ClientOptions,
  type Id,
  type RoomMessages,
  type SessionStorage,
} from './index.ts';

/** What one browser keeps, in the open. */
export interface Shelf extends SessionStorage {
  /** Everything that is there, as one text. */
  text: () => string;
}

export function openShelf(): Shelf {
  const map = new Map<string, string>();
  return {
    get: (key) => map.get(key) ?? null,
    set: (key, value) => void map.set(key, value),
    remove: (key) => void map.delete(key),
    text: () => JSON.stringify([...map]),
  };
}

/** Everybody's friend, who writes to all they know all the time. */
export interface Writer extends Person {
  /** Their direct room with somebody, who is written to from now on: `to <word> 1`, `to <word> 2` … */
  writeTo: (userId: Id, word: string) => Promise<Id>;
}

/** A server, a site with users of its own, and somebody who writes. */
export async function openStage(env: Record<string, string> = {}) {
  const app: TestApp = await startTestApp(env);
  const site: HostSite = await createHostSite(app);
  const writer = await app.signUp('Writer');
  const clients: Client[] = [];
  const told = new Map<string, RoomMessages>();
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    for (const [word, room] of told) room.send(`to ${word} ${count}`).catch(() => undefined);
  }, 25);

  return {
    app,
    site,
    writer: {
      ...writer,
      async writeTo(userId, word) {
        const room = await writer.client.rooms.openDirect(userId);
        told.set(word, writer.client.messages.room(room.id));
        return room.id;
      },
    } satisfies Writer,
    /** Nobody is written to any more. */
    hush: () => told.clear(),
    open(options: Omit<Partial<ClientOptions>, 'server' | 'app'> & { server?: string } = {}): Client {
      const client = createClient({ server: app.url, app: 'default', storage: openShelf(), ...options });
      clients.push(client);
      return client;
    },
    closeClients(): void {
      for (const client of clients.splice(0)) client.close();
    },
    async close(): Promise<void> {
      clearInterval(timer);
      for (const client of clients) client.close();
      await app.close();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** Everything that a client shows, as one text; what is left of rooms in hands, too. */
export function shownBy(client: Client, rooms: readonly RoomMessages[] = []): string {
  const { auth, users, friends, rooms: list, presence } = client;
  return JSON.stringify([
    auth.store.get(),
    [...users.store.get()],
    friends.store.get(),
    list.store.get(),
    [...presence.store.get()],
    [...presence.typing.get()],
    rooms.map((room) => room.store.get()),
  ]);
}

/** Waits until somebody is shown with their rooms, and news come. */
export async function settled(client: Client, userId: Id): Promise<void> {
  await eventually(
    () =>
      client.auth.store.get().me?.id === userId && client.status.get() === 'online' && client.rooms.store.get().loaded,
  );
}

/** A user of a site whom nobody else is. */
export const somebody = (nickname: string) => ({
  id: `${nickname.toLowerCase()}-${randomUUID()}`,
  nickname,
  email: `${nickname.toLowerCase()}@site.example`,
});
