import { createClient, type Client, type Id } from '@co-talk/sdk';
import type { Attempt, View } from './evidence.ts';
import { startProxy, type FaultProxy } from './proxy.ts';
import { record, type Recorder } from './recorder.ts';
import { createStorage, type FaultStorage } from './storage.ts';

/** Somebody with an account. */
export interface Person {
  id: Id;
  nickname: string;
  email: string;
  password: string;
  /** Their rooms. */
  rooms: Id[];
}

/** A browser: a line of its own, a storage that outlives pages, and tabs. */
export interface Device {
  readonly name: string;
  readonly person: Person;
  readonly line: FaultProxy;
  readonly storage: FaultStorage;
  readonly tabs: Tab[];
  /** Opens one more tab; the first one signs in. Resolves when it is online and shows all rooms. */
  open: () => Promise<Tab>;
  close: () => Promise<void>;
}

/** A page with the chat in it. A reload gives it another client. */
export interface Tab {
  readonly name: string;
  readonly device: Device;
  readonly client: Client;
  /** When it was connected last, by `performance.now()`. */
  readonly onlineSince: number;
  /** Whether being signed out is what the person wants. */
  leaving: boolean;
  send: (roomId: Id, text: string) => Attempt;
  /** The page is gone at once. */
  unload: () => void;
  /** Its successor, over the same storage. */
  load: () => void;
  signIn: () => Promise<void>;
  /** Shows a room that the person has got since. */
  show: (roomId: Id) => void;
}

/** What devices need of the rest. */
export interface Stage {
  /** The port that a new connection goes to. */
  port: () => number | null;
  views: View[];
  /** What is going wrong now, or did last. */
  fault: string;
  attempts: Map<string, Attempt>;
}

const PATIENCE_MS = 30_000;

export async function createDevice(name: string, person: Person, stage: Stage): Promise<Device> {
  const line = await startProxy(stage.port);
  const storage = createStorage();
  const device: Device = {
    name,
    person,
    line,
    storage,
    tabs: [],
    open: async () => {
      const tab = createTab(`${name}/${device.tabs.length + 1}`, device, stage);
      device.tabs.push(tab);
      if (tab.client.auth.store.get().status !== 'signed-in') await tab.signIn();
      await whole(tab);
      return tab;
    },
    close: async () => {
      for (const tab of device.tabs) tab.unload();
      await line.close();
    },
  };
  return device;
}

function createTab(name: string, device: Device, stage: Stage): Tab {
  const { person, storage, line } = device;
  let page = 0;
  let onlineSince = 0;
  let recorder: Recorder;
  let client = open();

  function open(): Client {
    page += 1;
    const opened = createClient({ server: `http://127.0.0.1:${line.port}`, app: 'default', storage });
    const view: View = {
      name: `${name}.${page}`,
      userId: person.id,
      isLast: true,
      states: 0,
      heard: [],
      problems: [],
      rooms: new Map(),
      people: null,
    };
    stage.views.push(view);
    recorder = record(opened, view, person.rooms, stage, () => tab.leaving);
    opened.status.subscribe((status) => {
      if (status === 'online') onlineSince = performance.now();
    });
    return opened;
  }

  const tab: Tab = {
    name,
    device,
    leaving: false,
    get client() {
      return client;
    },
    get onlineSince() {
      return onlineSince;
    },
    send(roomId, text) {
      const attempt: Attempt = {
        text,
        roomId,
        senderId: person.id,
        line: name,
        outcome: 'pending',
        seq: null,
        reason: null,
        waived: null,
      };
      stage.attempts.set(text, attempt);
      // How it ends is told by the client's events and states as well, and there also after a reload.
      client.messages
        .room(roomId)
        .send(text)
        .catch(() => undefined);
      return attempt;
    },
    unload() {
      client.close();
      const view = stage.views.findLast((one) => one.name === `${name}.${page}`);
      if (view) view.isLast = false;
    },
    load() {
      client = open();
    },
    signIn: async () => {
      const { email, password } = person;
      await persist(() => client.auth.logIn({ email, password }));
    },
    show: (roomId) => {
      recorder.show(roomId);
    },
  };
  return tab;
}

/** What a person would do: again, until it works. */
async function persist<T>(run: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function whole({ name, client, device }: Tab): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  const isWhole = () =>
    client.status.get() === 'online' &&
    client.rooms.store.get().loaded &&
    device.person.rooms.every((roomId) => client.messages.room(roomId).store.get().status === 'ready');
  while (!isWhole()) {
    if (performance.now() > deadline) throw new Error(`unable to open ${name}; it did not get ready`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
