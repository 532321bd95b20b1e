import { html } from 'lit';
import { commands } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Client } from '@co-talk/sdk';
import { loadLocalizer, englishLocalizer, nameOf, type Localizer } from '../localize.ts';
import { shrink } from '../shrink.ts';
import { clear, deep, heard, one, problems, settle, show, until, user } from '../testing.ts';
import { connect, goHome, newApp, signUp } from '../testing-people.ts';
import { avatar } from './avatar.ts';
import './you-view.ts';
import type { YouView } from './you-view.ts';

async function photo(width: number, height: number, type = 'image/jpeg'): Promise<File> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (context) context.fillStyle = 'rebeccapurple';
  context?.fillRect(0, 0, width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type));
  return new File([blob ?? ''], 'photo.jpg', { type });
}

describe('the own picture', () => {
  let client: Client;
  let element: YouView;
  let stage: HTMLElement;
  const view = (l: Localizer) => html`<co-talk-you-view .client=${client} .l=${l}></co-talk-you-view>`;
  const labels = () => deep(one(element, 'co-talk-picture-field'), 'button').map((button) => button.innerText.trim());
  const choose = (file: File) => {
    const input = one(element, 'input[type=file]', HTMLInputElement);
    const files = new DataTransfer();
    files.items.add(file);
    input.files = files.files;
    input.dispatchEvent(new Event('change'));
  };
  const url = () => client.auth.store.get().me?.avatarUrl ?? null;

  beforeEach(async () => {
    client = await connect(await signUp(await newApp(), 'Mina'));
    ({ element, stage } = await show<YouView>(view(englishLocalizer)));
    await until(() => deep(element, '[part=profile] .btn').length > 0, 'the profile');
    one(element, '[part=profile] .btn').click();
    await settle(2);
  });
  afterEach(async () => {
    clear();
    await goHome();
  });

  test('is chosen, shown, changed and removed', async () => {
    const notices = heard(stage, 'notice');
    expect(labels()).toEqual(['Choose a picture']);
    choose(await photo(900, 600));
    await until(() => url() !== null, 'the picture');
    await until(() => notices.length === 1, 'the word about it');
    await until(() => labels().length === 2, 'the other buttons');
    expect([notices[0]?.text, labels()]).toEqual(['Saved', ['Change picture', 'Remove picture']]);
    expect(one(element, '.avatar img', HTMLImageElement).src).toBe(url());
    const [stored] = await commands.query('select octet_length(image) as bytes from avatars where user_id = $1', [
      client.auth.store.get().me?.id,
    ]);
    expect(Number(stored?.['bytes'])).toBeGreaterThan(50);
    expect(await problems(stage)).toEqual([]);
    const remove = deep(one(element, 'co-talk-picture-field'), 'button')[1];
    remove?.focus();
    remove?.click();
    await until(() => url() === null, 'it to go');
    await until(() => labels().length === 1, 'the buttons of before');
    expect(deep(element, '.avatar img')).toEqual([]);
  });

  test('that is none is refused in plain words', async () => {
    const notices = heard(stage, 'notice');
    choose(new File(['not a picture'], 'photo.jpg', { type: 'image/jpeg' }));
    await until(() => notices.length === 1, 'the reason');
    expect([notices[0]?.text, url()]).toEqual(['This kind of file is not supported.', null]);
  });
});

test('a photo leaves the device as a small square of its middle', async () => {
  const bitmap = await createImageBitmap(await shrink(await photo(1_200, 700)));
  expect([bitmap.width, bitmap.height]).toEqual([256, 256]);
  const small = await createImageBitmap(await shrink(await photo(40, 90, 'image/png')));
  expect([small.width, small.height]).toEqual([40, 40]);
  await expect(shrink(new Blob(['nothing to see']))).rejects.toThrow();
});

test('a picture that is gone shows the initials behind it, until there is another one', async () => {
  const { element } = await show<HTMLElement>(html`<div></div>`);
  const { render } = await import('lit');
  const draw = (url: string | null) => {
    render(avatar({ id: 'u', name: 'Minji Kim', url }), element);
    return element.querySelector('img');
  };
  const picture = draw('data:image/png;base64,broken');
  await until(() => picture?.hidden === true, 'the broken one to hide');
  expect(element.innerText.trim()).toBe('MK');
  const canvas = document.createElement('canvas');
  draw(canvas.toDataURL());
  await until(() => picture?.hidden === false, 'the new one to show');
  expect(draw(null)).toBeNull();
  clear();
});

test('somebody who is gone is called so in the language of the reader', async () => {
  const gone = { ...user('u', 'Deleted user'), kind: 'deleted' as const };
  expect(nameOf(gone, englishLocalizer)).toBe('Deleted user');
  expect(nameOf(gone, await loadLocalizer('ko'))).toBe('탈퇴한 사용자');
  expect(nameOf(user('u', 'Ben'), await loadLocalizer('ko'))).toBe('Ben');
});
