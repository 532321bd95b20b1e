import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from './person.ts';
import { setStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  stage = await setStage();
  [ann, bob] = await stage.pair('ann', 'bob');
});
afterAll(() => stage.close());

const hits = (person: Person) => person.chat.locator('[part~="message-hit"]');

test('what one has just said, the other finds, opens in its place, and comes back to what was found', async () => {
  await bob.send('Lunch at the Café du Pont? 점심!');
  for (let n = 0; n < 40; n += 1) await bob.send(`and so on ${String(n)}`);
  await expect.poll(() => ann.messages(), { timeout: 20_000 }).toContain('and so on 39');
  await ann.button('Back').click();
  const field = ann.chat.getByRole('searchbox');
  for (const [term, marked] of [
    ['점심', '점심'],
    ['cafe du', 'Café'],
  ] as const) {
    await field.fill(term);
    await expect.poll(() => hits(ann).count(), { timeout: 10_000 }).toBe(1);
    expect(await hits(ann).locator('mark').first().innerText()).toBe(marked);
  }
  await field.press('ArrowDown');
  await expect
    .poll(
      () =>
        hits(ann)
          .first()
          .evaluate((hit) => hit.matches(':focus')),
      { timeout: 5_000 },
    )
    .toBe(true);
  await ann.page.keyboard.press('Enter');
  await expect.poll(() => ann.messages(), { timeout: 10_000 }).toContain('Lunch at the Café du Pont? 점심!');
  await ann.button('Back').click();
  await hits(ann).first().waitFor();
  expect(await field.inputValue()).toBe('cafe du');
  expect([ann.problems, bob.problems]).toEqual([[], []]);
});
