import type { Tab } from './device.ts';
import { pause, until, type Nemesis } from './nemesis.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;

/** Pages of devices that have one alone, so that what is done to their device concerns nobody else. */
const loners = ({ devices, random }: World, count: number): Tab[] =>
  random.some(
    devices.filter(({ tabs }) => tabs.length === 1).flatMap(({ tabs }) => tabs),
    count,
  );

const isSignedIn = (tab: Tab) => tab.client.auth.store.get().status === 'signed-in';

/** Messages that cannot leave the device now. */
function sendInVain(world: World, tab: Tab, count: number) {
  tab.device.line.set({ drop: 'both', refuse: true });
  tab.device.line.cut();
  return Array.from({ length: count }, () => tab.send(world.random.pick(tab.device.person.rooms), world.newText()));
}

/** Signs out, by whatever way, and in again. */
async function leaveAndComeBack(tab: Tab, leave: () => Promise<unknown>): Promise<void> {
  tab.leaving = true;
  await leave();
  await until(`${tab.name} is signed out`, () => !isSignedIn(tab));
  await tab.signIn();
  tab.leaving = false;
}

export const clientNemeses: Nemesis[] = [
  {
    name: 'reload with pending sends',
    run: async (world) => {
      for (const tab of world.random.some(world.tabs(), 4)) {
        sendInVain(world, tab, 3);
        await pause(50);
        tab.unload();
        tab.device.line.set({});
        tab.load();
      }
    },
  },
  {
    name: 'storage blocked',
    run: async (world) => {
      const devices = world.random.some(world.devices, 4);
      for (const { storage, line } of devices) {
        storage.block(true);
        line.cut();
      }
      await pause(2_000);
      for (const { storage } of devices) storage.block(false);
    },
  },
  {
    name: 'corrupt local state',
    run: async (world) => {
      for (const tab of loners(world, 3)) {
        tab.unload();
        // Without the outbox what had not been sent is gone: that is what was done to it.
        for (const attempt of world.attempts.values()) {
          if (attempt.line === tab.name && attempt.outcome === 'pending') attempt.waived = 'its storage was destroyed';
        }
        const isSessionToo = world.random.chance(0.5);
        tab.device.storage.corrupt(
          isSessionToo ? '' : 'outbox',
          world.random.pick(['{"half', '[1,null,{}]', '\u0000']),
        );
        tab.load();
        await pause(100);
        if (!isSignedIn(tab)) await tab.signIn();
      }
    },
  },
  {
    name: 'clock off by a day',
    run: async (world) => {
      const real = Date.now.bind(Date);
      const shift = world.random.pick([DAY_MS, -DAY_MS]);
      Date.now = () => real() + shift;
      try {
        for (const { line } of world.random.some(world.devices, 4)) line.cut();
        await pause(3_000);
      } finally {
        Date.now = real;
      }
    },
  },
  {
    name: 'signed out with open sockets and unsent messages',
    run: async (world) => {
      for (const tab of loners(world, 2)) {
        for (const attempt of sendInVain(world, tab, 2)) attempt.waived = 'the person has signed out';
        for (const attempt of world.attempts.values()) {
          if (attempt.line === tab.name && attempt.outcome === 'pending') attempt.waived = 'the person has signed out';
        }
        tab.device.line.set({});
        await leaveAndComeBack(tab, () => tab.client.auth.logOut().catch(() => undefined));
      }
    },
  },
  {
    name: 'session ended from another device',
    run: async (world) => {
      const [tab] = loners(world, 1);
      if (!tab) return;
      const { person } = tab.device;
      const token = await world.token(person);
      const { body } = await world.ask('GET', '/me/sessions', token);
      const others = (body as { items: { id: string; current: boolean }[] }).items.filter(({ current }) => !current);
      // All devices of the person.
      const tabs = world.tabs().filter(({ device }) => device.person === person);
      for (const one of tabs) one.leaving = true;
      for (const { id } of others) await world.ask('DELETE', `/me/sessions/${id}`, token);
      for (const one of tabs) await leaveAndComeBack(one, () => Promise.resolve());
    },
  },
];
