import { performance } from 'node:perf_hooks';
import type { Id } from '@co-talk/sdk/protocol';
import type { Bus } from '../cluster/bus.ts';
import { newId } from '../ids.ts';
import type { Log } from '../log.ts';

/** Who is online on which node, shared over Redis. Each node has it all in memory: asking who is online waits for nothing. */
export interface Registry {
  /** Whether the user is online on another node, as far as is known. */
  elsewhere: (userId: Id) => boolean;
  /** @returns whether the user was online nowhere */
  add: (userId: Id) => Promise<boolean>;
  /** @returns whether the user is online nowhere now */
  remove: (userId: Id) => Promise<boolean>;
  close: () => Promise<void>;
}

interface Needs {
  bus: Bus;
  log: Log;
  /** Who is online on this node. */
  here: () => Id[];
  /** These were online on a node that has ended, until `agoMs` ago. */
  onLost: (userIds: Id[], agoMs: number) => void;
  /** These came or went while the others could not be told. */
  onUntold: (userIds: Id[]) => void;
}

const CHANNEL = 'co-talk:presence';
/** In braces: all of it belongs into one slot of a Redis cluster. */
const NODES = '{co-talk}:nodes';
const aliveKey = (node: string): string => `{co-talk}:node:${node}`;
const onlineKey = (node: string): string => `{co-talk}:online:${node}`;

const BEAT_MS = 4_000;
/** A node that has not been heard of for so long has ended. */
const ALIVE_MS = 12_000;
/** A node that ends in order leaves its people this long to come back elsewhere. */
const GOODBYE_MS = 4_000;
/** What nobody has claimed goes by itself. */
const ONLINE_SECONDS = 120;
/** Beats between two full readings, which find what was lost on the way. */
const READ_EVERY = 15;
/** Ids in one command. */
const CHUNK = 1_000;

/** Joins the other nodes as soon as Redis is there. */
export function createRegistry({ bus, log, here, onLost, onUntold }: Needs): Registry {
  const { redis } = bus;
  const self = newId();
  const others = new Map<string, Set<Id>>();
  /** When each of them was last known to be there, in milliseconds. */
  const seen = new Map<string, number>();
  /** Of these something may have been missed. */
  let stale = new Set<string>();
  /** Came or went while Redis was away. */
  let untold = new Set<Id>();
  /** What was heard of a node while it was being read. */
  let heardMeanwhile: { node: string; userId: Id; online: boolean }[] | undefined;
  let beats = 0;
  let registered = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();

  const elsewhere = (userId: Id): boolean => {
    for (const users of others.values()) if (users.has(userId)) return true;
    return false;
  };

  bus.sSubscribe(CHANNEL, (message) => {
    const told = JSON.parse(message.toString()) as { node: string; userId: Id; online: boolean };
    if (told.node === self) return;
    heardMeanwhile?.push(told);
    seen.set(told.node, performance.now());
    // Of a node that is new here, this is one of many whom it has: the others are read next.
    if (!others.has(told.node)) stale.add(told.node);
    apply(told);
  });
  bus.onChange(() => {
    registered = false;
    stale = new Set(others.keys());
    if (bus.up()) beat();
  });

  function apply({ node, userId, online }: { node: string; userId: Id; online: boolean }): void {
    const users = others.get(node) ?? new Set();
    others.set(node, users);
    if (online) users.add(userId);
    else users.delete(userId);
  }

  function beat(): void {
    clearTimeout(timer);
    work = work.then(live).catch((error: unknown) => {
      registered = false;
      if (!closed && bus.up()) log.warn({ err: error }, 'presence could not be shared');
    });
    void work.then(() => {
      clearTimeout(timer);
      if (!closed) timer = setTimeout(beat, BEAT_MS);
    });
  }

  async function live(): Promise<void> {
    if (closed || !bus.up()) return;
    const size = registered ? await redis.scard(onlineKey(self)) : undefined;
    const mine = here();
    const pipeline = redis.multi().set(aliveKey(self), '1', 'PX', ALIVE_MS).sadd(NODES, self);
    // Joined anew, or somebody has emptied Redis.
    if (size !== mine.length) {
      pipeline.del(onlineKey(self));
      for (let from = 0; from < mine.length; from += CHUNK) {
        pipeline.sadd(onlineKey(self), ...mine.slice(from, from + CHUNK));
      }
    }
    await exec(pipeline.expire(onlineKey(self), ONLINE_SECONDS));
    await look(beats % READ_EVERY === 0);
    beats += 1;
    // Not with the first beat: the other nodes may take a moment longer to find Redis again.
    if (registered && untold.size > 0) {
      onUntold([...untold]);
      untold = new Set();
    }
    registered = true;
  }

  /** Finds the nodes that there are, reads those not known yet, and takes over after those that have ended. */
  async function look(readAll: boolean): Promise<void> {
    const nodes = (await redis.smembers(NODES)).filter((node) => node !== self);
    for (const node of nodes) {
      if ((await redis.exists(aliveKey(node))) === 0) {
        await takeOver(node);
        continue;
      }
      seen.set(node, performance.now());
      if (readAll || stale.has(node) || !others.has(node)) await read(node);
    }
    // Not at once: a Redis that has lost everything hears from each node with its next beat only.
    for (const [node, at] of seen) if (at < performance.now() - ALIVE_MS) forget(node);
  }

  async function read(node: string): Promise<void> {
    heardMeanwhile = [];
    try {
      others.set(node, new Set(await redis.smembers(onlineKey(node))));
      stale.delete(node);
      for (const told of heardMeanwhile) if (told.node === node) apply(told);
    } finally {
      heardMeanwhile = undefined;
    }
  }

  function forget(node: string): void {
    others.delete(node);
    seen.delete(node);
  }

  async function takeOver(node: string): Promise<void> {
    forget(node);
    // Whoever removes it is the one who tells.
    if ((await redis.srem(NODES, node)) === 0) return;
    const users = await redis.smembers(onlineKey(node));
    await redis.del(onlineKey(node));
    const mine = new Set(here());
    const lost = users.filter((userId) => !mine.has(userId) && !elsewhere(userId));
    if (lost.length > 0) onLost(lost, ALIVE_MS);
  }

  /** Tells the others, and asks in the same step whether any of them has the user. */
  async function change(userId: Id, online: boolean): Promise<boolean> {
    try {
      if (!bus.up()) throw new Error('Redis is away');
      const pipeline = redis.multi();
      if (online) pipeline.sadd(onlineKey(self), userId);
      else pipeline.srem(onlineKey(self), userId);
      const nodes = [...others.keys()];
      for (const node of nodes) pipeline.sismember(onlineKey(node), userId);
      const [, ...has] = await exec(pipeline);
      void bus.sPublish(CHANNEL, JSON.stringify({ node: self, userId, online }));
      // Newer than what the nodes have told: their word may still be on its way.
      for (const [place, node] of nodes.entries())
        if (others.has(node)) apply({ node, userId, online: has[place] === 1 });
      return has.every((member) => member === 0);
    } catch {
      untold.add(userId);
      return !elsewhere(userId);
    }
  }

  beat();
  return {
    elsewhere,
    add: (userId) => change(userId, true),
    remove: (userId) => change(userId, false),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await work;
      // Its people stay in the list: another node tells of those who have not come back.
      await redis.pexpire(aliveKey(self), GOODBYE_MS).catch(() => undefined);
    },
  };
}

/** The results of a transaction. @throws the first error among them */
async function exec(pipeline: { exec: () => Promise<[Error | null, unknown][] | null> }): Promise<unknown[]> {
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, result]) => {
    if (error) throw error;
    return result;
  });
}
