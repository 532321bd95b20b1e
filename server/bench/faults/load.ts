import { pause } from './nemesis.ts';
import type { World } from './world.ts';

/** Part of the turns in which somebody reads instead of writing. */
const READING = 0.15;

/** People who write and read all the time, whether or not they are connected. */
export interface Load {
  stop: () => Promise<void>;
}

export function startLoad(world: World, perSecond: number): Load {
  const random = world.random.fork();
  let running = true;

  async function go(): Promise<void> {
    while (running) {
      const open = world.tabs().filter(({ client }) => client.auth.store.get().status === 'signed-in');
      if (open.length > 0 && !world.isQuiet) turn(random.pick(open));
      await pause(1_000 / perSecond);
    }
  }

  function turn(tab: ReturnType<World['tabs']>[number]): void {
    const roomId = random.pick(tab.device.person.rooms);
    if (random.chance(READING)) {
      world.reads += 1;
      tab.client.messages.room(roomId).markRead();
    } else tab.send(roomId, world.newText());
  }

  const ended = go();
  return {
    stop: () => {
      running = false;
      return ended;
    },
  };
}
