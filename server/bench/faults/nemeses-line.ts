import type { Device } from './device.ts';
import { pause, until, type Nemesis } from './nemesis.ts';
import type { Faults, FaultProxy } from './proxy.ts';
import type { World } from './world.ts';

/** The part of the devices whose line goes wrong. */
const victims = ({ random, devices }: World): Device[] => random.some(devices, Math.ceil(devices.length / 3));

/** Lines that misbehave for a while, and the connections on them end with it. */
function spell(name: string, faults: Faults, ms: number, more: Partial<Nemesis> = {}): Nemesis {
  return {
    name,
    ...more,
    run: async (world) => {
      const lines = victims(world).map(({ line }) => line);
      for (const line of lines) line.set(faults);
      await pause(ms);
      for (const line of lines) line.cut(world.random.pick(['end', 'reset']));
      for (const line of lines) line.set({});
    },
  };
}

/** Something happens to open connections, and that was it. */
function blow(name: string, strike: (line: FaultProxy) => void, more: Partial<Nemesis> = {}): Nemesis {
  return {
    name,
    ...more,
    run: async (world) => {
      for (const { line } of victims(world)) strike(line);
      await pause(500);
    },
  };
}

const isEvent = (packet: string, name: string) => packet.startsWith(`42["${name}"`);

export const acksLost = spell(
  'acks lost, everything else arrives',
  { edit: (packet) => (/^43\d/.test(packet) ? 'drop' : 'pass') },
  1_500,
);

export const lineNemeses: Nemesis[] = [
  spell('dropped before it is sent', { drop: 'up' }, 1_500),
  spell('answers lost', { drop: 'down' }, 1_500),
  acksLost,
  spell('one direction stalls', { stall: 'up' }, 1_500),
  spell('nobody is reached', { drop: 'both', refuse: true }, 2_000),
  blow('half a frame to the server', (line) => {
    line.halve('up');
  }),
  blow('half a frame to the client', (line) => {
    line.halve('down');
  }),
  blow('connections reset', (line) => {
    line.cut('reset');
  }),
  blow(
    'half-open links',
    (line) => {
      line.halfOpen();
    },
    // Whoever sends nothing notices by the missing heartbeat: 45 s.
    { isLong: true },
  ),
  {
    name: 'slow lines, tiny pieces',
    run: async (world) => {
      const devices = victims(world);
      for (const { line } of devices)
        line.set({ latencyMs: world.random.whole(20, 150), sliceBytes: world.random.whole(8, 64) });
      await pause(2_500);
      for (const { line } of devices) line.set({});
    },
  },
  {
    name: 'live events swapped',
    run: async (world) => {
      const { devices } = world;
      const random = world.random.fork();
      const edit = (packet: string) => (isEvent(packet, 'message') && random.chance(0.4) ? 'swap' : 'pass');
      for (const { line } of devices) line.set({ edit });
      await pause(2_000);
      for (const { line } of devices) line.set({});
    },
  },
  {
    name: 'live events lost',
    isLong: true,
    run: async (world) => {
      const { devices } = world;
      const random = world.random.fork();
      const edit = (packet: string) => (isEvent(packet, 'message') && random.chance(0.3) ? 'drop' : 'pass');
      for (const { line } of devices) line.set({ edit });
      await pause(2_000);
      for (const { line } of devices) line.set({});
    },
    // The last one of a room may be among them.
    limitMs: 30_000,
  },
  {
    name: 'slow consumer',
    isLong: true,
    run: async (world) => {
      const [victim, ...others] = world.random.shuffle(world.devices);
      victim?.line.set({ stall: 'down' });
      const roomId = victim && world.random.pick(victim.person.rooms);
      const tabs = others
        .flatMap(({ tabs }) => tabs)
        .filter((tab) => roomId !== undefined && tab.device.person.rooms.includes(roomId));
      for (let sent = 0; sent < 600 && roomId !== undefined; sent += 1) {
        world.random.pick(tabs).send(roomId, `${world.newText()} ${'y'.repeat(600)}`);
        if (sent % 20 === 0) await pause(20);
      }
      await pause(1_000);
      victim?.line.set({});
    },
  },
  {
    name: 'everybody reconnects at once',
    run: async (world) => {
      for (const { line } of world.devices) line.cut('reset');
      await until(
        'everybody is back',
        () => world.tabs().every(({ client }) => client.status.get() === 'online'),
        60_000,
      );
    },
  },
];
