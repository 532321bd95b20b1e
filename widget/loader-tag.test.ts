import { expect, test } from 'vitest';
import { resetWorld, SERVER, signedIn, world } from './testing-server.ts';
import { one, room, settle, until } from './testing.ts';

test('a tag with data-app alone is a chat, and gets its code when something is unread', async () => {
  let loads = 0;
  Reflect.set(globalThis, 'coTalkTest', () => loads++);
  Reflect.set(globalThis, '__CO_TALK_WIDGET__', 'data:text/javascript,globalThis.coTalkTest()');
  resetWorld();
  world.rooms = [
    room('r-1', {
      me: { role: 'member', readSeq: 0, unread: 2, muted: false, pinned: false, hidden: false, historyFrom: 1 },
    }),
  ];
  const { user: me, session } = signedIn();
  localStorage.setItem(
    `co-talk:${SERVER}:shop:session`,
    JSON.stringify({ me, ...session, renewAt: Date.now() + 60_000 }),
  );
  const tag = document.createElement('script');
  tag.type = 'text/plain';
  tag.src = `${SERVER}/co-talk@1.2.3.js?x`;
  tag.dataset['app'] = 'shop';
  tag.dataset['theme'] = 'dark';
  document.head.append(tag);
  document.documentElement.lang = 'ko-KR';
  await import('./loader.ts');
  await settle();
  const elements = document.querySelectorAll('co-talk');
  expect(elements.length).toBe(1);
  const [element] = elements;
  expect([element?.getAttribute('app'), element?.getAttribute('theme')]).toEqual(['shop', 'dark']);
  expect(element && one(element, 'button').getAttribute('aria-label')).toBe('채팅 열기');
  await until(() => loads === 1, 'the code');
});
