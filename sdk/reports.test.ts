import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, startTestApp, type TestApp } from '../server/testing.ts';
import { CoTalkError } from './index.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const codeOf = async (deed: Promise<unknown>) => {
  const error = await deed.catch((cause: unknown) => cause);
  return error instanceof CoTalkError ? error.code : error;
};

test('a message is reported, and what cannot be says why', async () => {
  const [one, other] = [await app.signUp(), await app.signUp()];
  const roomId = await app.befriend(one, other);
  const [mine, theirs] = [one.client.messages.room(roomId), other.client.messages.room(roomId)];
  const { id } = await theirs.send('something rude');
  await expect(mine.report(id, 'Rude')).resolves.toBeUndefined();
  expect(await codeOf(theirs.report(id, 'Rude'))).toBe('forbidden');
  expect(await codeOf(mine.report(id, ' '))).toBe('invalid_request');
  expect(await codeOf(mine.report(roomId, 'Rude'))).toBe('not_found');
  await app.db.orm.em.fork().execute('update messages set deleted_at = now() where id = ?', [id]);
  expect(await codeOf(mine.report(id, 'Rude'))).toBe('conflict');
  await one.client.auth.logOut();
  await eventually(() => one.client.auth.store.get().status === 'signed-out');
  expect(await codeOf(mine.report(id, 'Rude'))).toBe('closed');
});
