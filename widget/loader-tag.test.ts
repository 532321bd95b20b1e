import { expect, test } from 'vitest';
import { one, settle, until } from './testing.ts';
import { newApp, pair, remember, SERVER, signUp, write } from './testing-people.ts';

test('a tag with data-app alone is a chat, and gets its code when something is unread', async () => {
  let loads = 0;
  Reflect.set(globalThis, 'coTalkTest', () => loads++);
  Reflect.set(globalThis, '__CO_TALK_WIDGET__', 'data:text/javascript,globalThis.coTalkTest()');
  const app = await newApp();
  const [mina, ben] = [await signUp(app, 'Mina'), await signUp(app, 'Ben')];
  await write(ben, await pair(mina, ben), 'Hello', 'Are you there?');
  await remember(mina);
  const tag = document.createElement('script');
  tag.type = 'text/plain';
  tag.src = `${SERVER}/co-talk@1.2.3.js?x`;
  tag.dataset['app'] = app;
  tag.dataset['theme'] = 'dark';
  document.head.append(tag);
  document.documentElement.lang = 'ko-KR';
  await import('./loader.ts');
  await settle();
  const elements = document.querySelectorAll('co-talk');
  expect(elements.length).toBe(1);
  const [element] = elements;
  expect([element?.getAttribute('app'), element?.getAttribute('theme')]).toEqual([app, 'dark']);
  expect(element && one(element, 'button').getAttribute('aria-label')).toBe('채팅 열기');
  await until(() => loads === 1, 'the code');
});
