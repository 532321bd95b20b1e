import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../testing.ts';
import {
  CAPS,
  CLASS_NAMES,
  classOfEvent,
  classOfRoute,
  GUESSES,
  LIMIT_CLASSES,
  limitClass,
  nameOfClass,
  SCOPES,
} from './table.ts';
import type { Rate } from './table.ts';

const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8').replaceAll(/ +/g, ' ');

const PERIODS: Record<number, string> = { 30: '30 s', 60: 'minute', 600: '10 min', 3_600: 'hour' };
const words = (rate: Rate | undefined) =>
  rate ? `${rate.times.toLocaleString('en')} / ${PERIODS[rate.seconds] ?? ''}` : '–';
const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;

describe('the page about limits', () => {
  test.each(CLASS_NAMES)('says what holds for %s', (name) => {
    const limits = limitClass(name);
    const cells = SCOPES.map((scope) => words(limits[scope]));
    expect(page).toContain(row(`\`${name}\``, ...cells, limits.counted).slice(0, -1));
    for (const what of [...(limits.routes ?? []), ...(limits.events ?? [])]) expect(page).toContain(`\`${what}\``);
  });

  test.each(Object.entries(GUESSES))('says how often one may guess: %s', (name, rate) => {
    expect(page).toContain(`| \`${name}\` | ${words(rate)} |`);
  });

  test.each(Object.entries(CAPS))('says how many connections there may be: %s', (name, most) => {
    expect(page).toContain(`| \`${name}\` | ${most.toLocaleString('en')} |`);
  });
});

describe('the table', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  test('names only routes and events that there are', () => {
    const named = CLASS_NAMES.flatMap((name) => [
      ...(limitClass(name).routes ?? []),
      ...(limitClass(name).events ?? []),
    ]);
    expect(named.filter((what) => !app.bound.includes(what))).toEqual([]);
  });

  test('has a class for whatever can be asked for', () => {
    for (const what of app.bound)
      expect(CLASS_NAMES).toContain(what.includes(' ') ? classOfRoute(what) : nameOfClass(classOfEvent(what)));
  });
});

test('a message is one, whichever way it comes', () => {
  expect(classOfRoute('POST /rooms/:id/messages')).toBe('messages');
  expect(nameOfClass(classOfEvent('message:send'))).toBe('messages');
  expect(classOfRoute('GET /rooms/:id/messages')).toBe('reads');
  expect(classOfRoute('POST /admin/apps/:appId/keys')).toBe('admin');
});

test('a socket has at most what its user has, and so on', () => {
  for (const name of CLASS_NAMES) {
    const known = SCOPES.flatMap((scope) => limitClass(name)[scope] ?? []).map(({ times, seconds }) => times / seconds);
    expect([name, known]).toEqual([name, [...known].sort((a, b) => a - b)]);
  }
});

test('an outbox of several hundred messages goes out at once', () => {
  expect(LIMIT_CLASSES.messages.socket.times).toBeGreaterThanOrEqual(500);
});
