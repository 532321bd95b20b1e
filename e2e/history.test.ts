import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from './person.ts';
import { expectSame, setStage, type Stage } from './stage.ts';

const COUNT = 100_000;

let stage: Stage;
let ann: Person;
let bob: Person;
/** While set, live messages do not arrive: as if a node had ended between commit and broadcast. */
let deaf = false;
let lost = 0;

beforeAll(async () => {
  stage = await setStage();
  [ann, bob] = await stage.pair('ann', 'bob', (context) =>
    context.routeWebSocket(/\/socket\.io\//, (page) => {
      page.connectToServer().onMessage((frame) => {
        if (deaf && String(frame).includes('["message",')) lost += 1;
        else page.send(frame);
      });
    }),
  );
  const roomId = await ann.use((client) => client.rooms.store.get().rooms[0]?.id ?? '');
  await stage.server.sql(
    `insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
     select m.room_id, n, m.app_id, gen_random_uuid(), n + 10, 'old-' || n, m.user_id, 'line ' || n, now() - make_interval(secs => ${COUNT} - n)
     from generate_series(1, ${COUNT}) n
     join (select *, row_number() over (order by user_id) % 2 as half from chat_room_members where room_id = $1) m on m.half = n % 2`,
    [roomId],
  );
  await stage.server.sql(
    'update chat_rooms set last_seq = $2, last_rev = $2 + 10, last_activity_at = now() where id = $1',
    [roomId, COUNT],
  );
  await stage.server.sql('update chat_room_members set read_seq = $2, delivered_seq = $2 where room_id = $1', [
    roomId,
    COUNT,
  ]);
  await Promise.all([ann, bob].map((person) => person.page.reload()));
  await Promise.all([ann.enter('bob'), bob.enter('ann')]);
});
afterAll(() => stage.close());

/** The numbers of the lines on screen. */
async function lines(): Promise<number[]> {
  return (await ann.messages()).map((text) => Number(text.replace('line ', '')));
}

const isAll = (all: number[], holds: (line: number) => boolean) => all.length > 0 && all.every(holds);

/** Turns the wheel until the lines reach `to`; whatever is seen on the way is without holes and in order. */
async function scroll(direction: 'up' | 'down', to: number): Promise<number[]> {
  const seen = new Set<number>();
  const there = direction === 'up' ? (n: number) => n <= to : (n: number) => n >= to;
  await ann.chat.locator('[part~="messages"]').hover();
  await expect
    .poll(
      async () => {
        const now = await lines();
        expect(now).toEqual(now.map((_, index) => (now[0] ?? 0) + index));
        for (const line of now) seen.add(line);
        await ann.page.mouse.wheel(0, direction === 'up' ? -300 : 300);
        return now.some(there);
      },
      { timeout: 20_000, interval: 60 },
    )
    .toBe(true);
  const all = [...seen].sort((a, b) => a - b);
  expect(all).toEqual(all.map((_, index) => (all[0] ?? 0) + index));
  return all;
}

const goTo = (seq: number) =>
  ann.use(async (client, position) => {
    const [room] = client.rooms.store.get().rooms;
    await client.messages.room(room?.id ?? '').loadAround(Number(position));
  }, String(seq));

test('a room of 100,000 messages opens at its end, and shows what was before without a gap', async () => {
  await expect.poll(async () => (await lines()).at(-1), { timeout: 20_000 }).toBe(COUNT);
  await scroll('up', COUNT - 150);
});

test('it opens in the middle, and goes on both ways', async () => {
  await goTo(COUNT / 2);
  await expect.poll(async () => isAll(await lines(), (line) => Math.abs(line - COUNT / 2) < 60)).toBe(true);
  await scroll('up', COUNT / 2 - 120);
  await scroll('down', COUNT / 2 + 120);
});

test('it opens at the top, where it begins', async () => {
  await goTo(1);
  await expect.poll(async () => isAll(await lines(), (line) => line <= 60)).toBe(true);
  const above = await scroll('up', 1);
  expect(above[0]).toBe(1);
  await scroll('down', 120);
});

test('when the very last message is lost on the way, it comes within 30 s, by the heads', async () => {
  deaf = true;
  await ann.send('the last word');
  await ann.chat.getByText('the last word').waitFor();
  await expect.poll(() => lost).toBeGreaterThan(0);
  deaf = false;
  expect(await bob.messages()).not.toContain('the last word');
  await expect.poll(() => bob.messages(), { timeout: 31_000, interval: 250 }).toContain('the last word');
  await bob.send('heard');
  await expectSame([bob], [`line ${COUNT}`, 'the last word', 'heard']);
});
