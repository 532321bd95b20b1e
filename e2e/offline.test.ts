import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Line } from './line.ts';
import type { Person } from './person.ts';
import { expectSame, setStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  // Tokens run out while people chat.
  stage = await setStage({ ACCESS_TOKEN_TTL: '5s' });
});
afterAll(() => stage.close());

const lines = new Map<BrowserContext, Line>();
const withLine = async (context: BrowserContext) => lines.set(context, await Line.of(context));

function lineOf({ context }: Person): Line {
  const line = lines.get(context);
  if (!line) throw new Error('this person has no line of their own');
  return line;
}

/** Both write, and both see it. */
async function expectToChat(one: Person, other: Person): Promise<void> {
  const said = [`from ${one.nickname}`, `from ${other.nickname}`];
  await one.send(said[0] ?? '');
  await expectSame([one, other], said.slice(0, 1));
  await other.send(said[1] ?? '');
  await expectSame([one, other], said);
}

test('what is written without a network is sent once when it is back, also from a page that was loaded anew', async () => {
  const [ann, bob] = await stage.pair('ann', 'bob', withLine);
  await ann.send('before the tunnel');
  await expectSame([ann, bob], ['before the tunnel']);

  await lineOf(ann).cut();
  await expect.poll(() => ann.use((client) => client.status.get())).toBe('offline');
  await ann.send('in the tunnel, one');
  await ann.send('in the tunnel, two');
  await ann.chat.getByText('Waiting to send').first().waitFor();
  const said = ['before the tunnel', 'in the tunnel, one', 'in the tunnel, two'];
  await expectSame([ann], said);
  await ann.page.close();
  await expectSame([bob], said.slice(0, 1));

  await lineOf(ann).mend();
  const again = await ann.tab(stage.server.siteUrl);
  await again.enter('bob');
  await expectSame([again, bob], said);
  await again.send('out of it');
  await bob.send('welcome back');
  await expectSame([again, bob], [...said, 'out of it', 'welcome back']);
  await again.page.reload();
  await again.enter('bob');
  await expectSame([again, bob], [...said, 'out of it', 'welcome back']);
});

test('a conversation outlives its access tokens', async () => {
  const [cho, dan] = await stage.pair('cho', 'dan');
  const renewals = { cho: 0, dan: 0 };
  for (const person of [cho, dan]) {
    person.page.on('response', (response) => {
      if (response.url().endsWith('/auth/refresh') && response.ok())
        renewals[person.nickname as keyof typeof renewals] += 1;
    });
  }
  const said: string[] = [];
  while (renewals.cho < 2 || renewals.dan < 2) {
    const [writer, text] =
      said.length % 2 ? ([dan, `no ${said.length}`] as const) : ([cho, `yes ${said.length}`] as const);
    said.push(text);
    await writer.send(text);
    await expectSame([cho, dan], said);
    await cho.page.waitForTimeout(200);
  }
  expect([...cho.problems, ...dan.problems]).toEqual([]);
});

test('clocks that are off by a day change nothing', async () => {
  let days = 1;
  const [early, late] = await stage.pair('early', 'late', async (context) => {
    // One a day behind, one a day ahead.
    days = -days;
    await context.addInitScript((shift) => {
      const Real = Date;
      globalThis.Date = new Proxy(Real, {
        construct: (target, given: unknown[], as) =>
          Reflect.construct(target, given.length === 0 ? [Real.now() + shift] : given, as) as Date,
        get: (target, key) => (key === 'now' ? () => Real.now() + shift : (Reflect.get(target, key) as unknown)),
      });
    }, days * 86_400_000);
  });
  const dayOf = (person: Person) => person.page.evaluate(() => Date.now());
  expect(Math.abs((await dayOf(early)) - (await dayOf(late)))).toBeGreaterThan(1.9 * 86_400_000);
  await expectToChat(early, late);
  await early.page.reload();
  await early.enter('late');
  await late.send('and again');
  await expectSame([early, late], ['from early', 'from late', 'and again']);
});

test('where the page may keep nothing, the chat works until the page ends', async () => {
  const [shy, bold] = await stage.pair('shy', 'bold', async (context) => {
    await withLine(context);
    await context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
        Object.defineProperty(globalThis, name, {
          get() {
            throw new DOMException('blocked', 'SecurityError');
          },
        });
      }
    });
  });
  await expectToChat(shy, bold);
  await lineOf(shy).cut();
  await expect.poll(() => shy.use((client) => client.status.get())).toBe('offline');
  await shy.send('kept in memory');
  await shy.chat.getByText('Waiting to send').first().waitFor();
  await lineOf(shy).mend();
  await expectSame([shy, bold], ['from shy', 'from bold', 'kept in memory']);
  expect([...shy.problems, ...bold.problems]).toEqual([]);
});
