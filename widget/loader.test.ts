import { commands, userEvent } from 'vitest/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deep, one, problems, settle, until } from './testing.ts';
import { goHome, newApp, openLine, remember, signUp } from './testing-people.ts';

/** How often the widget was asked for, and the code itself once it may come. */
let loads = 0;
let arrive: (widget: unknown) => void = () => undefined;
const tag = document.createElement('script');

function add(attributes: Record<string, string>): HTMLElement {
  const element = document.createElement('co-talk');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
  return element;
}

const button = (element: Element) => one(element, 'button');
/** Where the script comes from: what is asked there is seen. */
let server = '';
const asked = async () => (await commands.requestsOn(server)).filter((request) => request.startsWith('GET '));

beforeAll(async () => {
  // Another test may have left the pointer where the launcher comes up.
  await userEvent.hover(document.documentElement, { position: { x: 1, y: 1 } });
  server = await openLine();
  document.documentElement.lang = 'en';
  const arrived = new Promise((resolve) => {
    arrive = resolve;
  });
  Reflect.set(globalThis, 'coTalkTest', () => {
    loads++;
    return arrived;
  });
  // A module that waits for its turn, as a slow network would.
  const code = 'export const { CoTalk } = await globalThis.coTalkTest();';
  Reflect.set(globalThis, '__CO_TALK_WIDGET__', `data:text/javascript,${encodeURIComponent(code)}`);
  // What a page has in it; the type keeps the browser from fetching it.
  tag.type = 'text/plain';
  tag.src = `${server}/co-talk.js`;
  document.head.append(tag);
  await import('./loader.ts');
});
afterAll(async () => {
  for (const element of document.querySelectorAll('co-talk')) element.remove();
  await goHome();
});

describe('before the widget is there', () => {
  test('the launcher stands in its corner, with a name, and nothing is fetched', async () => {
    const element = add({ app: 'a' });
    await settle();
    const box = button(element).getBoundingClientRect();
    expect([innerWidth - box.right, innerHeight - box.bottom, box.width, box.height]).toEqual([20, 20, 60, 60]);
    expect(button(element).getAttribute('aria-label')).toBe('Open chat');
    expect(await problems(element)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([loads, await asked()]).toEqual([0, []]);
    element.remove();
  });

  test('somebody signed in costs one question, and nothing more while all is read', async () => {
    const app = await newApp();
    await remember(await signUp(app, 'Mina'), server);
    const elements = [add({ app }), add({ app })];
    const unread = async () => (await asked()).filter((request) => request.endsWith('/me/unread')).length;
    await until(async () => (await unread()) === 1, 'the question');
    await settle(8);
    expect([await unread(), loads]).toEqual([1, 0]);
    for (const element of elements) element.remove();
  });

  test('a box out of sight waits', async () => {
    const element = add({ app: 'c', layout: 'inline' });
    element.style.cssText = 'position: absolute; inset-block-start: 5000px; display: block; block-size: 100px';
    await settle(8);
    expect(loads).toBe(0);
    expect(element.shadowRoot).toBeNull();
    element.remove();
  });

  test('a click is remembered, a second one takes it back', async () => {
    const element = add({ app: 'd' });
    await settle();
    button(element).click();
    expect(element.hasAttribute('open')).toBe(true);
    await until(() => loads === 1, 'the request');
    expect(button(element).getAttribute('aria-busy')).toBe('true');
    button(element).click();
    expect(element.hasAttribute('open')).toBe(false);
    element.remove();
  });
});

describe('when the widget arrives', () => {
  test('a button that is pressed at that moment is still clicked; it opens in the same place, with the focus', async () => {
    const app = await newApp();
    const idle = add({ app, style: '--co-talk-z-index: 1' });
    const element = add({ app });
    await settle();
    const before = button(idle).getBoundingClientRect();
    await userEvent.hover(button(element));
    await commands.mouse('down');
    arrive(await import('./co-talk.ts'));
    await settle(8);
    expect(customElements.get('co-talk')).toBeUndefined();
    await commands.mouse('up');
    await until(() => deep(element, '.panel').length === 1, 'the panel');
    await settle();
    expect(deep(element, '.panel')[0]?.matches(':focus-within')).toBe(true);
    const after = one(idle, '.launcher').getBoundingClientRect();
    expect([after.x, after.y, after.width, after.height]).toEqual([before.x, before.y, before.width, before.height]);
    expect(deep(idle, '.launcher').length).toBe(1);
    expect(loads).toBe(1);
  });

  test('elements know the server that the script came from', async () => {
    const element = document.createElement('co-talk');
    element.setAttribute('app', 'f');
    document.body.append(element);
    await settle();
    expect(element.client?.server).toBe(server);
  });
});
