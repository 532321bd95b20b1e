import { randomBytes } from 'node:crypto';
import type { Figures as WireFigures } from '@co-talk/sdk/protocol';
import type { Refused, Send, SendStore, Sent } from '../messages/send-store.ts';
import type { Io } from '../realtime.ts';

/** What happens on this node, second by second, for people to look at. */
export interface Figures {
  /** @param appId `null`: of all apps */
  read: (appId: string | null) => WireFigures;
  /** Counts what a store stores. */
  counted: (store: SendStore) => SendStore;
  /** Counts the sockets. */
  watch: (io: Pick<Io, 'on'>) => void;
  close: () => void;
}

/** Seconds that are kept. */
const KEPT = 120;
const SECOND_MS = 1_000;

/** What an app does: in the second that runs, and in those before it. */
interface Tally {
  connections: number;
  messages: number;
  /** Milliseconds that they took, added up. */
  ms: number;
  past: { connections: Uint32Array; messages: Uint32Array; ms: Float32Array };
  /** Seconds since something was counted. */
  idle: number;
}

const newTally = (): Tally => ({
  ...{ connections: 0, messages: 0, ms: 0, idle: 0 },
  past: { connections: new Uint32Array(KEPT), messages: new Uint32Array(KEPT), ms: new Float32Array(KEPT) },
});

export function createFigures(): Figures {
  const node = randomBytes(3).toString('hex');
  const all = newTally();
  const apps = new Map<string, Tally>();
  let seconds = 0;
  let at = new Date();

  const tallyOf = (appId: string): Tally => {
    const known = apps.get(appId);
    if (known) return known;
    const tally = newTally();
    apps.set(appId, tally);
    return tally;
  };

  function addConnections(appId: string, amount: number): void {
    all.connections += amount;
    tallyOf(appId).connections += amount;
  }

  function addStored(messages: Send[], answers: (Sent | Refused)[], ms: number): void {
    let appId: string | undefined;
    let tally = all;
    for (const [place, message] of messages.entries()) {
      const answer = answers[place];
      if (typeof answer !== 'object' || answer.outcome !== 'new') continue;
      if (message.appId !== appId) {
        ({ appId } = message);
        tally = tallyOf(appId);
      }
      tally.messages += 1;
      tally.ms += ms;
      all.messages += 1;
      all.ms += ms;
    }
  }

  function keep(tally: Tally): void {
    const { past, connections, messages, ms } = tally;
    const place = seconds % KEPT;
    past.connections[place] = connections;
    past.messages[place] = messages;
    past.ms[place] = ms;
    tally.idle = connections > 0 || messages > 0 ? 0 : tally.idle + 1;
    tally.messages = 0;
    tally.ms = 0;
  }

  const timer = setInterval(() => {
    keep(all);
    for (const [appId, tally] of apps) {
      keep(tally);
      if (tally.idle > KEPT) apps.delete(appId);
    }
    seconds += 1;
    at = new Date();
  }, SECOND_MS).unref();

  return {
    read: (appId) => {
      const { past } = appId === null ? all : (apps.get(appId) ?? newTally());
      const length = Math.min(seconds, KEPT);
      const places = Array.from({ length }, (_, nth) => (seconds - length + nth) % KEPT);
      return {
        node,
        at: at.toISOString(),
        connections: places.map((place) => past.connections[place] ?? 0),
        messages: places.map((place) => past.messages[place] ?? 0),
        storeMs: places.map((place) => {
          const messages = past.messages[place] ?? 0;
          return messages === 0 ? null : Math.round((10 * (past.ms[place] ?? 0)) / messages) / 10;
        }),
      };
    },
    counted: ({ store }) => ({
      store: async (messages, wait) => {
        const started = performance.now();
        const answers = await store(messages, wait);
        addStored(messages, answers, performance.now() - started);
        return answers;
      },
    }),
    watch: (io) => {
      io.on('connection', (socket) => {
        const { appId } = socket.data.claims;
        addConnections(appId, 1);
        socket.on('disconnect', () => {
          addConnections(appId, -1);
        });
      });
    },
    close: () => {
      clearInterval(timer);
    },
  };
}
