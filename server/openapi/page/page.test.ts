import axe from 'axe-core';
import { afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Description } from './description.ts';
import { showDescription } from './page.ts';

let description: Description;
let stop: () => void;
beforeAll(async () => {
  const styles = document.createElement('link');
  styles.rel = 'stylesheet';
  styles.href = new URL('./api.css', import.meta.url).href;
  document.head.append(styles);
  await new Promise((resolve) => {
    styles.onload = resolve;
  });
  document.documentElement.lang = 'en';
  document.title = 'Co-Talk API';
  const answer = await fetch(`${inject('serverUrl')}/openapi.json`);
  description = (await answer.json()) as Description;
});
beforeEach(async () => {
  await page.viewport(1280, 800);
  location.hash = '';
  const root = document.createElement('div');
  root.id = 'api';
  document.body.replaceChildren(root);
  stop = showDescription(root, description);
});
afterEach(() => {
  stop();
});

/** What stands in the part of an operation or schema, once it is open. */
const shown = async (id: string) => {
  await expect.poll(() => document.getElementById(id)?.querySelector('.content')).toBeTruthy();
  return textOf(document.getElementById(id));
};
const textOf = (element: Element | null | undefined) => element?.textContent.replaceAll(/\s+/g, ' ').trim() ?? '';
const links = () =>
  [...document.querySelectorAll('nav li')].map(
    (item) => [...item.querySelectorAll('a > *')].map(textOf).join(' ') || textOf(item),
  );

/** What axe finds wrong: one line each. */
async function problems(): Promise<string[]> {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 100)).join(' ')}`);
}

test('lists every operation and every schema', () => {
  const operations = Object.values(description.paths).flatMap((methods) => Object.values(methods));
  expect(operations.length).toBeGreaterThan(30);
  expect(links()).toHaveLength(operations.length + Object.keys(description.components.schemas).length);
  expect(links()).toContain('POST Send a message');
  expect(links()).toContain('Message');
});

test('an address leads to an operation, with all that is said of it', async () => {
  location.hash = '#postRoomsByIdMessages';
  const text = await shown('postRoomsByIdMessages');
  expect(text).toContain('clientId string 1 to 128 characters');
  expect(text).toContain('With: The access token of a session.');
  expect(text).toContain('blocked: One of the two has blocked the other.');
  expect(text).toContain('The water is on. Two cups?');
  expect(await problems()).toEqual([]);
});

test('a type leads to its schema', async () => {
  location.hash = '#getRoomsById';
  await shown('getRoomsById');
  await page.getByRole('main').getByRole('link', { name: 'Room', exact: true }).click();
  expect(await shown('schema-Room')).toContain('The other one, in a direct room.');
});

test('a search finds by any word, and is worked by the keyboard', async () => {
  await userEvent.keyboard('/');
  await userEvent.keyboard('nickname_taken');
  expect(links()).toContain('POST Open an account');
  expect(links()).toContain('PATCH Change the own profile');
  expect(links()).not.toContain('POST Sign in');
  expect(textOf(document.querySelector('[role=status]'))).toMatch(/^Found: \d+ operations, \d+ schemas?\.$/);
  await userEvent.keyboard('{ArrowDown}');
  expect(textOf(document.activeElement)).toContain('Open an account');
  await userEvent.keyboard('{Enter}');
  expect(await shown('postAuthSignup')).toContain('errors names every field that is wrong.');
  expect(textOf(document.activeElement)).toContain('/auth/signup');
});

test('what is not there is said', async () => {
  await page.getByRole('searchbox').fill('xyzzy');
  expect(textOf(document.querySelector('[role=status]'))).toBe('Nothing found.');
  expect(links()).toEqual([]);
});

test('on a phone the contents are behind a button, and nothing is too wide', async () => {
  await page.viewport(360, 740);
  location.hash = '#postSync';
  await shown('postSync');
  expect(document.documentElement.scrollWidth).toBe(360);
  expect(document.querySelector('nav')?.checkVisibility()).toBe(false);
  await page.getByRole('button', { name: 'Contents' }).click();
  await page.getByRole('link', { name: 'POST Send a message' }).click();
  await shown('postRoomsByIdMessages');
  expect(document.querySelector('nav')?.checkVisibility()).toBe(false);
  expect(await problems()).toEqual([]);
});
