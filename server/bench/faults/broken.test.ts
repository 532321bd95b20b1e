import { randomUUID } from 'node:crypto';
import { expect, inject, it, type TestContext } from 'vitest';
import type { Message } from '@co-talk/sdk';
import type { Broken } from './broken.ts';
import { check } from './check.ts';
import { collect } from './collect.ts';
import type { Violation } from './evidence.ts';
import { heal } from './heal.ts';
import { acksLost } from './nemeses-line.ts';
import { pause, settled, until } from './nemesis.ts';
import { bringPeople, HEAL_MS } from './run.ts';
import { createWorld, type World } from './world.ts';

// A checker that finds nothing proves something only if it finds what is there. Every scene is played twice: with a server that is
// broken in one way, and with the sound one, in which nothing may be found.

// Mostly waiting for processes: a few seconds where nothing else runs, and all scenes at once.
const SCENE_MS = 180_000;

/** Three people in one room. */
async function open(test: TestContext, nodes: 1 | 2, patienceMs: number, broken?: Broken): Promise<World> {
  const databaseUrl = inject('databaseUrl');
  // Those who do not know of each other: what is told wrongly to one is not put right by the other.
  const opened = await createWorld({
    ...{ seed: 1, nodes, redis: false, people: 3, rooms: [3], databaseUrl, patienceMs },
    ...(broken && { broken }),
  });
  test.onTestFinished(() => opened.close());
  await bringPeople(opened, { second: 0, tabs: 0 });
  return opened;
}

function say({ tabs, newText }: World, count = 1): void {
  const [tab] = tabs();
  for (let sent = 0; sent < count; sent += 1) tab?.send(tab.device.person.rooms[0] ?? '', newText());
}

/** Somebody speaks, and that was it: nothing follows that would give away what is missing. */
async function speak(scene: World): Promise<void> {
  say(scene, 3);
  await settled(scene);
  await heal(scene, 'speaking', HEAL_MS);
}

/** Answers get lost, so everything is sent again. */
async function loseAcks(scene: World): Promise<void> {
  const striking = acksLost.run(scene);
  for (const tab of scene.tabs()) tab.send(tab.device.person.rooms[0] ?? '', scene.newText());
  await striking;
  await settled(scene);
}

/** Somebody comes back, and somebody else speaks in the same moment. */
async function comeBack(scene: World): Promise<void> {
  const last = scene.tabs().at(-1);
  last?.device.line.cut();
  await until('the connection is gone', () => last?.client.status.get() !== 'online');
  await until('it is back', () => last?.client.status.get() === 'online');
  say(scene);
  await settled(scene);
  await heal(scene, 'coming back', HEAL_MS);
}

/** Two servers store at the same time. Then everybody comes back, and is told what they have missed. */
async function storeAtOnce(scene: World): Promise<void> {
  const tokens = await Promise.all(scene.people.map((person) => scene.token(person)));
  const [roomId = ''] = scene.rooms.keys();
  for (let round = 0; round < 4; round += 1) {
    await Promise.all(
      scene.nodes.toReversed().map(async (node, place) => {
        // The one whose people hear of it live comes second.
        await pause(150 * place);
        const [text, person] = [scene.newText(), scene.people[place]];
        const body = { clientId: randomUUID(), text };
        const { body: stored } = await scene.request(node, 'POST', `/rooms/${roomId}/messages`, tokens[place], body);
        scene.attempts.set(text, {
          ...{ text, roomId, senderId: person?.id ?? '', line: null, reason: null, waived: null },
          ...{ outcome: 'sent', seq: (stored as Message).seq },
        });
      }),
    );
  }
  for (const { line } of scene.devices) line.cut();
  await heal(scene, 'storing at once', HEAL_MS);
}

/** One id reaches two servers while the room's lock is held. */
async function repeat(scene: World): Promise<void> {
  const [person] = scene.people;
  const [roomId = ''] = scene.rooms.keys();
  if (!person) return;
  const token = await scene.token(person);
  const lock = await scene.database.connect();
  await lock.query('begin');
  await lock.query('select id from chat_rooms for update');
  const [text, clientId] = [scene.newText(), randomUUID()];
  const sending = Promise.all(
    scene.nodes.map((node) => scene.request(node, 'POST', `/rooms/${roomId}/messages`, token, { clientId, text })),
  );
  await pause(500);
  await lock.query('rollback');
  await lock.end();
  const [first] = await sending;
  scene.attempts.set(text, {
    ...{ text, roomId, senderId: person.id, line: null, reason: null, waived: null },
    ...{ outcome: 'sent', seq: (first?.body as Message).seq },
  });
  for (const { line } of scene.devices) line.cut();
}

it.concurrent.for<[Broken, Violation['what'], 1 | 2, (scene: World) => Promise<void>]>([
  ['mute', 'lost', 1, speak],
  ['forgetful', 'doubled', 1, loseAcks],
  ['late join', 'late', 1, comeBack],
  ['sequence', 'lost', 2, storeAtOnce],
  ['one statement', 'doubled', 2, repeat],
])('finds a server that is broken like this: %s', { timeout: SCENE_MS }, async ([broken, what, nodes, play], test) => {
  const scene = await open(test, nodes, what === 'late' ? HEAL_MS + 500 : 2_000, broken);
  await play(scene);
  expect(check(await collect(scene)).map((violation) => violation.what)).toContain(what);
});

it.concurrent('finds nothing in the same scenes with a sound server', { timeout: SCENE_MS }, async (test) => {
  const scene = await open(test, 2, 30_000);
  for (const play of [speak, loseAcks, comeBack, storeAtOnce, repeat]) await play(scene);
  expect(check(await collect(scene))).toEqual([]);
});
