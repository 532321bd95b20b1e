import sharp from 'sharp';
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

/** Chooses files as if by hand. */
const choose = (person: Person, ...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
  person.chat.locator('co-talk-attach-view input[type=file]').setInputFiles(files);

const pictures = (person: Person) => person.chat.locator('co-talk-attachments .picture.shown img');

test('a picture is sent, seen by the other, shown large, and saved', async () => {
  const buffer = await sharp({ create: { width: 1_200, height: 800, channels: 3, background: '#3366cc' } })
    .jpeg()
    .toBuffer();
  await choose(ann, { name: 'samples.jpg', mimeType: 'image/jpeg', buffer });
  await ann.chat.locator('co-talk-attach-view .chip.ready').waitFor();
  await ann.send('The samples');
  await pictures(bob).waitFor();
  // It is there, and not only its place.
  expect(await pictures(bob).evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(640);
  await bob.button('Open the picture samples.jpg').click();
  await bob.chat.getByRole('dialog', { name: 'Picture: samples.jpg' }).getByRole('img').waitFor();
  const download = bob.page.waitForEvent('download');
  await bob.button('Download samples.jpg').click();
  expect((await download).suggestedFilename()).toBe('samples.jpg');
  await bob.page.keyboard.press('Escape');
  await expect.poll(() => bob.chat.getByRole('dialog', { name: /^Picture/ }).count()).toBe(0);
});

test('what is no picture, and says so, is refused with a sentence; the rest goes on', async () => {
  const program = Buffer.concat([Buffer.from('MZ\x90\0', 'latin1'), Buffer.alloc(300)]);
  await choose(
    ann,
    { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: program },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('two cups') },
  );
  await ann.chat.getByText('This kind of file cannot be sent').waitFor();
  await ann.button('Remove holiday.jpg').click();
  await ann.chat.locator('co-talk-attach-view .chip.ready').waitFor();
  await ann.send('And the notes');
  await bob.button('Download notes.txt').waitFor();
  // The refusal itself is on the console of whoever was refused.
  expect(bob.problems).toEqual([]);
});

test('a picture of a message that is deleted is gone for the other too', async () => {
  await ann.use(async (client) => {
    const [room] = client.rooms.store.get().rooms;
    const messages = client.messages.room(room?.id ?? '');
    const sent = messages.store.get().messages.find(({ attachments }) => attachments[0]?.kind === 'image');
    await messages.delete(sent?.id ?? '');
  });
  await expect.poll(() => pictures(bob).count()).toBe(0);
});
