import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../testing.ts';

const OPERATOR = 'the-key-of-whoever-runs-this-server';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ OPERATOR_KEY: OPERATOR });
  await app.request('POST', '/admin/apps', { token: OPERATOR, body: { id: 'strict', name: 'Strict' } });
});
afterAll(() => app.close());

// A browser leaves the origin out when a page reads from its own server; programs do not say such a thing.
test.each([
  [{ 'sec-fetch-site': 'same-origin' }, 200],
  [{ 'sec-fetch-site': 'same-site' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'none' }, 403],
  [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, 403],
  [{}, 403],
])('who sends %j is answered %i by an app without origins', async (headers, status) => {
  expect((await app.request('GET', '/apps/strict/config', { headers })).status).toBe(status);
});
