import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from './person.ts';
import { expectSame, setStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
let annToo: Person;
let bob: Person;

interface LockKeeper {
  lockNames: Set<string>;
  holdLocks: () => void;
}

beforeAll(async () => {
  // Tokens run out all the time: tabs have to agree on who renews them.
  stage = await setStage({ ACCESS_TOKEN_TTL: '5s' });
  [ann, bob] = await stage.pair('ann', 'bob', (context) =>
    context.addInitScript(() => {
      const page = globalThis as unknown as LockKeeper;
      const ask = navigator.locks.request.bind(navigator.locks) as (...all: unknown[]) => Promise<unknown>;
      page.lockNames = new Set();
      page.holdLocks = () => {
        for (const name of page.lockNames) void ask(name, () => new Promise(() => undefined));
      };
      navigator.locks.request = (name: string, ...more: unknown[]) => {
        page.lockNames.add(name);
        return ask(name, ...more) as Promise<never>;
      };
    }),
  );
  annToo = await ann.tab(stage.server.siteUrl);
  await annToo.enter('bob');
});
afterAll(() => stage.close());

/** One story; what has been said so far. */
const said: string[] = [];

async function say(person: Person, text: string): Promise<void> {
  said.push(text);
  await person.send(text);
  await expectSame([ann, annToo, bob], said);
}

test('what is written in two tabs and by the other comes in one order, once, to all', async () => {
  await say(ann, 'from the first tab');
  await say(annToo, 'from the second tab');
  await say(bob, 'from bob');

  const texts = ['a', 'b', 'c', 'd'].flatMap((letter) => [ann, annToo, bob].map((_, index) => `${letter}${index}`));
  await Promise.all(
    [ann, annToo, bob].map(async (person, index) => {
      for (const text of texts.filter((one) => one.endsWith(String(index)))) await person.send(text);
    }),
  );
  const seen = async (person: Person) => (await person.messages()).slice(said.length);
  for (const person of [ann, annToo, bob]) {
    await expect.poll(async () => (await seen(person)).sort(), { timeout: 20_000 }).toEqual([...texts].sort());
  }
  const order = await seen(bob);
  for (const index of ['0', '1', '2']) {
    expect(order.filter((text) => text.endsWith(index))).toEqual(texts.filter((text) => text.endsWith(index)));
  }
  said.push(...order);
  await expectSame([ann, annToo, bob], said);
});

test('what is read in one tab is read in the other', async () => {
  await ann.button('Back').click();
  await annToo.button('Back').click();
  said.push('are you there?');
  await bob.send('are you there?');
  for (const person of [ann, annToo]) {
    await person.roomWith('bob').getByText('1 unread message').waitFor({ state: 'attached' });
  }
  await ann.page.bringToFront();
  await ann.roomWith('bob').click();
  await expectSame([ann, bob], said);
  await annToo.roomWith('bob').getByText('1 unread message').waitFor({ state: 'detached' });
  await annToo.roomWith('bob').click();
  await expectSame([annToo], said);
});

test('a frozen tab with every lock in its hands holds up nobody', async () => {
  const me = await ann.use((client) => client.auth.store.get().me?.id ?? '');
  // Until the tab has renewed a token, and so knows the lock that this takes.
  await ann.page.waitForFunction(
    (id) => [...(globalThis as unknown as LockKeeper).lockNames].some((name) => name.endsWith(id)),
    me,
  );
  await ann.page.evaluate(() => (globalThis as unknown as LockKeeper).holdLocks());
  const held = async () => {
    const { held = [] } = await annToo.page.evaluate(() => navigator.locks.query());
    return held.map(({ name }) => name ?? '');
  };
  await expect.poll(async () => (await held()).some((name) => name.endsWith(me))).toBe(true);
  const devtools = await ann.context.newCDPSession(ann.page);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });

  const renewed = annToo.page.waitForResponse((response) => response.url().endsWith('/auth/refresh') && response.ok());
  await annToo.page.bringToFront();
  await annToo.send('one of us sleeps');
  said.push('one of us sleeps');
  await expectSame([annToo, bob], said);
  await renewed;
  await annToo.send('and I go on');
  await bob.send('good night');
  said.push('and I go on', 'good night');
  await expectSame([annToo, bob], said);

  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await expectSame([ann, annToo, bob], said);
});

test('a sign-out in one tab is one in all, and leaves nothing', async () => {
  await annToo.use((client) => client.auth.logOut());
  for (const person of [ann, annToo]) {
    await person.chat.getByLabel('E-mail').waitFor();
    await expect.poll(() => person.messages()).toEqual([]);
  }
  await bob.send('gone already?');
  await expectSame([bob], [...said, 'gone already?']);
  expect(await ann.chat.innerText()).not.toContain('gone already?');
  const kept = await ann.page.evaluate(() => JSON.stringify(localStorage));
  expect(kept).not.toContain('ann@example.com');
});
