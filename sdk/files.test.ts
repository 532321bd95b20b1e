import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, startTestApp, type Person, type TestApp } from '../server/testing.ts';
import { drawn } from '../server/testing-files.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'co-talk-files-'));
let app: TestApp;
let one: Person;
let other: Person;
let roomId: string;
beforeAll(async () => {
  app = await startTestApp({ DATA_DIR: dataDir });
  [one, other] = await Promise.all([app.signUp(), app.signUp()]);
  roomId = await app.befriend(one, other);
});
afterAll(async () => {
  await app.close();
  rmSync(dataDir, { recursive: true });
});

const photo = async () => new Blob([new Uint8Array(await drawn(900, 600).png().toBuffer())], { type: 'image/png' });

test('a file is uploaded, sent, heard of and fetched', async () => {
  const file = await one.client.files.upload(await photo(), { name: 'tea.png' });
  expect(file).toMatchObject({ kind: 'image', name: 'tea.png', width: 900, height: 600, variants: ['small'] });
  const room = other.client.messages.room(roomId);
  await room.load();
  const sent = one.client.messages.room(roomId).send('', { attachments: [file] });
  const pending = one.client.messages.room(roomId).store.get().messages.at(-1);
  expect(pending).toMatchObject({ state: 'pending', text: '', attachments: [file] });
  expect(await sent).toMatchObject({ type: 'image', text: '', attachments: [file] });
  const heard = await eventually(() => room.store.get().messages.find(({ attachments }) => attachments.length > 0));
  expect(heard.attachments).toEqual([file]);
  const [address] = await other.client.files.urls([file.id]);
  const small = await fetch(address?.variants['small'] ?? '');
  expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
});

test('addresses are asked for together, and once', async () => {
  const uploads = ['a', 'b', 'c'].map((text) => one.client.files.upload(new Blob([text]), { name: `${text}.txt` }));
  const ids = (await Promise.all(uploads)).map(({ id }) => id);
  const first = await Promise.all(ids.map((id) => one.client.files.urls([id])));
  const texts = await Promise.all(first.map(async ([file]) => (await fetch(file?.url ?? '')).text()));
  expect(texts).toEqual(['a', 'b', 'c']);
  expect(await one.client.files.urls(ids)).toEqual(first.flat());
  expect(await other.client.files.urls(ids)).toEqual([]);
});

test('one that is sent again under its client id is the same', async () => {
  const again = () => one.client.files.upload(new Blob(['x']), { name: 'x.txt', clientId: 'again' });
  expect((await again()).id).toBe((await again()).id);
});

test('what the server would refuse anyway is refused before it is sent', async () => {
  const { limits } = await one.client.config();
  const large = { size: (limits.fileBytes ?? 0) + 1 } as Blob;
  await expect(one.client.files.upload(large)).rejects.toMatchObject({ code: 'too_large' });
});

test.each([
  ['a program', 'MZ\u0090\0'.padEnd(200, '\0'), 'notes.txt', 'unsupported_media'],
  ['a page that says it is a picture', '<html>', 'cat.png', 'unsupported_media'],
  ['nothing', '', 'empty.txt', 'invalid_request'],
])('%s is refused', async (_what, text, name, code) => {
  const file = new Blob([Uint8Array.from(text, (letter) => letter.charCodeAt(0))]);
  await expect(one.client.files.upload(file, { name })).rejects.toMatchObject({ code });
});

test('one that is ended is over, and so is one of somebody who signs out', async () => {
  const ending = new AbortController();
  const ended = one.client.files.upload(await photo(), { signal: ending.signal });
  ending.abort();
  await expect(ended).rejects.toMatchObject({ code: 'closed' });
  const leaving = await app.signUp();
  const left = leaving.client.files.upload(await photo());
  const outcome = left.catch((error: unknown) => (error as { code: string }).code);
  await leaving.client.auth.logOut();
  expect(await outcome).not.toBe('network');
});
