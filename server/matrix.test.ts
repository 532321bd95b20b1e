import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ack, CreatedKey, MessageEvent, Problem } from '@co-talk/sdk/protocol';
import { ADMIN } from './matrix/admin.ts';
import { KEYS, text, WHO, type Ask, type Who } from './matrix/askers.ts';
import { AUTH } from './matrix/auth.ts';
import { EVENTS } from './matrix/events.ts';
import { FILES } from './matrix/files.ts';
import { PEOPLE } from './matrix/people.ts';
import { ROOMS } from './matrix/rooms.ts';
import { createWorld, type World } from './matrix/world.ts';
import { call, eventually, startTestApp, type RawPerson, type TestApp } from './testing.ts';
import { checkAnswers, type AnswerCheck } from './testing-openapi.ts';

// Who gets which answer. Everybody asks about the same person, the owner; each asks about the room that they have, had, or
// have never had with the owner. A new route or event needs a row in one of the tables in matrix/.

const ROUTES = [...AUTH, ...PEOPLE, ...ROOMS, ...FILES];
const OPERATOR = 'the-key-of-whoever-runs-this-server';

let app: TestApp;
let described: AnswerCheck;
/** Of all who change nothing. */
let untouched: World;
let keys: Record<(typeof KEYS)[number], string>;
beforeAll(async () => {
  app = await startTestApp({ OPERATOR_KEY: OPERATOR });
  described = await checkAnswers(app.url);
  const em = app.db.orm.em.fork();
  await em.execute("insert into apps (id, name, origins, no_origin) values ('another', 'Another', '{}', true)");
  keys = { key: await createKey('default'), 'foreign key': await createKey('another'), operator: OPERATOR };
  untouched = await createWorld(app);
});
afterAll(() => app.close());

async function createKey(appId: string): Promise<string> {
  const body = { kind: 'secret', name: 'site' };
  const answer = await app.request<CreatedKey>('POST', `/admin/apps/${appId}/keys`, { token: OPERATOR, body });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body.secret ?? '';
}

const mark = (body: unknown, owner: RawPerson) => (JSON.stringify(body ?? null).includes(owner.user.id) ? '!' : '');

test('every route and every event has a row', () => {
  const rows = [...ROUTES, ...ADMIN, ...EVENTS].map(([name]) => name);
  expect(rows.sort()).toEqual([...app.bound].sort());
});

/** A world of its own for what changes it; what asks only, or is refused to everybody, leaves the world as it was. */
async function worldFor(row: string, answers: string[]): Promise<World> {
  const changes = !row.startsWith('GET') && answers.some((answer) => /^(2|ok)/.test(answer));
  return changes ? createWorld(app) : untouched;
}

async function answerTo(token: string | undefined, route: string, [path, body]: ReturnType<Ask>, owner: RawPerson) {
  const answer = await app.request<Problem | undefined>(route.split(' ')[0] ?? '', path, {
    ...(token === undefined ? {} : { token }),
    ...(body === undefined ? {} : { body }),
  });
  expect(described.problems(route, answer)).toEqual([]);
  return answer.status < 400 ? `${String(answer.status)}${mark(answer.body, owner)}` : (answer.body?.code ?? '');
}

test.each(ROUTES)('%s', async (route, ask, ...expected) => {
  const { people, rooms, about } = await worldFor(route, expected);
  const answers: string[] = [];
  for (const who of WHO) {
    answers.push(await answerTo(people[who]?.token, route, ask({ ...about, room: rooms[who] }), about.owner));
  }
  expect(Object.fromEntries(WHO.map((who, place) => [who, answers[place]]))).toEqual(
    Object.fromEntries(WHO.map((who, place) => [who, expected[place]])),
  );
  // A key is nobody where people are asked for, like one without a token.
  for (const key of KEYS) {
    const asked = ask({ ...about, room: rooms.member });
    expect([key, await answerTo(keys[key], route, asked, about.owner)]).toEqual([key, expected.at(-1)]);
  }
});

test.each(ADMIN)('%s', async (route, ask, ...expected) => {
  const { people, rooms, about } = await worldFor(route, expected);
  const asked = () => ask({ ...about, room: rooms.member });
  for (const who of WHO) {
    expect([who, await answerTo(people[who]?.token, route, asked(), about.owner)]).toEqual([who, 'unauthenticated']);
  }
  for (const [place, key] of KEYS.entries()) {
    expect([key, await answerTo(keys[key], route, asked(), about.owner)]).toEqual([key, expected[place]]);
  }
});

test.each(EVENTS)('%s', async (event, input, ...expected) => {
  const { people, rooms, about } = await worldFor(event, expected);
  const answers: string[] = [];
  for (const who of WHO) {
    const answer = await tell(people[who], event, input({ ...about, room: rooms[who] }));
    answers.push(
      typeof answer === 'string' ? answer : answer.ok ? `ok${mark(answer.data, about.owner)}` : answer.error.code,
    );
  }
  expect(Object.fromEntries(WHO.map((who, place) => [who, answers[place]]))).toEqual(
    Object.fromEntries(WHO.map((who, place) => [who, expected[place]])),
  );
});

/** The answer to an event, or the code with which the connection was refused. */
async function tell(person: RawPerson | undefined, event: string, input: unknown): Promise<Ack<unknown> | string> {
  try {
    return await call(await app.connect(person?.token ?? ''), event, input);
  } catch (error) {
    return (error as { data?: { code: string } }).data?.code ?? String(error);
  }
}

test('what happens in a room is heard by its members alone', async () => {
  const { people, rooms, about } = await createWorld(app);
  const heard = new Map<Who, MessageEvent[]>();
  for (const who of WHO) {
    const person = people[who];
    if (!person) continue;
    const socket = await app.connect(person.token);
    // As a client does that says it is in the room.
    await call(socket, 'sync', { epoch: null, rev: 0, rooms: [{ id: rooms[who], rev: 0 }] });
    socket.on('message', (event: MessageEvent) => heard.set(who, [...(heard.get(who) ?? []), event]));
  }
  for (const id of [rooms.former, rooms.member]) {
    const answer = await app.request('POST', `/rooms/${id}/messages`, { token: about.owner.token, body: text() });
    expect(answer.status).toBe(201);
  }
  await eventually(() => heard.size > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([...heard].map(([who, events]) => [who, events.map((event) => event.roomId)])).toEqual([
    ['member', [rooms.member]],
  ]);
});
