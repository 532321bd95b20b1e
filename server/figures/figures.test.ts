import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Figures } from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type TestApp } from '../testing.ts';

const OPERATOR = 'the-key-of-whoever-runs-this-server';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ OPERATOR_KEY: OPERATOR });
});
afterAll(() => app.close());

const read = async (path: string) => (await app.request<Figures>('GET', path, { token: OPERATOR })).body;
const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);

test('connections and messages are counted by app and altogether, and messages sent twice once', async () => {
  await app.request('POST', '/admin/apps', { token: OPERATOR, body: { id: 'quiet', name: 'Quiet' } });
  const { one, roomId } = await app.pairRaw();
  const socket = await app.connect(one.token);
  const say = (clientId: string) =>
    app.request('POST', `/rooms/${roomId}/messages`, { token: one.token, body: { clientId, text: 'hello' } });
  for (const clientId of ['a', 'b', 'b']) await say(clientId);

  await eventually(async () => (await read('/admin/figures')).messages.length > 0);
  const here = await eventually(async () => {
    const figures = await read('/admin/apps/default/figures');
    return sum(figures.messages) === 2 && figures.connections.at(-1) === 1 ? figures : null;
  });
  expect(here.storeMs.filter((ms) => ms !== null && ms > 0)).not.toEqual([]);
  expect(here.storeMs.length).toBe(here.messages.length);
  expect(sum((await read('/admin/figures')).messages)).toBe(2);
  const quiet = await read('/admin/apps/quiet/figures');
  expect([sum(quiet.messages), sum(quiet.connections)]).toEqual([0, 0]);
  expect(quiet.messages.length).toBeGreaterThan(0);

  socket.close();
  await eventually(async () => (await read('/admin/figures')).connections.at(-1) === 0);
});
