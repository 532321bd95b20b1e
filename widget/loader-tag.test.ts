import { expect, test } from 'vitest';
import { one, settle, until } from './testing.ts';
import { newApp, pair, remember, SERVER, signUp, write } from './testing-people.ts';

test('a tag with data-app alone is a chat, and gets its code when something is unread', async () => {
  let loads = 0;
  let arrive: (widget: unknown) => void = () => undefined;
  Reflect.set(globalThis, 'coTalkTest', () => {
    loads++;
    return new Promise((resolve) => (arrive = resolve));
  });
  const code = 'export const { CoTalk } = await globalThis.coTalkTest();';
  Reflect.set(globalThis, '__CO_TALK_WIDGET__', `data:text/javascript,${encodeURIComponent(code)}`);
  const app = await newApp();
  const [mina, ben] = [await signUp(app, 'Mina'), await signUp(app, 'Ben')];
  await write(ben, await pair(mina, ben), 'Hello', 'Are you there?');
  await remember(mina);
  const tag = document.createElement('script');
  tag.type = 'text/plain';
  tag.src = `${SERVER}/co-talk@1.2.3.js?x`;
  tag.dataset['app'] = app;
  tag.dataset['theme'] = 'dark';
  tag.dataset['userToken'] = 'a.user.token';
  document.head.append(tag);
  document.documentElement.lang = 'ko-KR';
  await import('./loader.ts');
  await settle();
  const elements = document.querySelectorAll('co-talk');
  expect(elements.length).toBe(1);
  const [element] = elements;
  const given = ['app', 'theme', 'user-token'].map((name) => element?.getAttribute(name));
  expect(given).toEqual([app, 'dark', 'a.user.token']);
  if (!element) throw new Error('no element');
  const drawn = one(element, 'button');
  expect(drawn.getAttribute('aria-label')).toBe('채팅 열기');
  await until(() => loads === 1, 'the code');

  drawn.focus();
  arrive(await import('./co-talk.ts'));
  await customElements.whenDefined('co-talk');
  await settle();
  expect([drawn.isConnected, element.hasAttribute('open')]).toEqual([false, false]);
  expect(element.shadowRoot?.activeElement).toBe(one(element, '.launcher'));
});
