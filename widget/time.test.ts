import { describe, expect, test } from 'vitest';
import { ago, clock, dayName, fullTime, listTime, sameDay, sameMinute } from './time.ts';

/** A moment by this machine's clock. */
const at = (month: number, day: number, hour = 12, minute = 0, year = 2026) =>
  new Date(year, month - 1, day, hour, minute);
const iso = (...parts: Parameters<typeof at>) => at(...parts).toISOString();
const now = at(11, 22, 15, 30);
/** Some of Intl's spaces are narrow. */
const plain = (text: string | null) => text?.replace(/\s/gu, ' ');

describe('in the room list', () => {
  test.each([
    [iso(11, 22, 9, 5), '9:05 AM'],
    [iso(11, 21, 23, 59), 'Yesterday'],
    [iso(11, 18), 'Wednesday'],
    [iso(11, 3), 'Nov 3'],
    [iso(11, 3, 12, 0, 2024), '11/3/2024'],
    [iso(11, 22, 15, 31), '3:31 PM'],
  ])('%s is %s', (time, text) => {
    expect(plain(listTime(time, 'en', now))).toBe(text);
  });

  test('in Korean', () => {
    expect(plain(listTime(iso(11, 22, 15, 30), 'ko', now))).toBe('오후 3:30');
    expect(listTime(iso(11, 21), 'ko', now)).toBe('어제');
  });

  test('by the region’s clock', () => {
    expect(plain(listTime(iso(11, 22, 15, 5), 'en-GB', now))).toBe('15:05');
  });
});

describe('between days', () => {
  test.each([
    [iso(11, 22, 0, 1), 'Today'],
    [iso(11, 21), 'Yesterday'],
    [iso(11, 20), 'Friday, November 20'],
    [iso(12, 31, 12, 0, 2025), 'Wednesday, December 31, 2025'],
  ])('%s is %s', (time, text) => {
    expect(dayName(time, 'en', now)).toBe(text);
  });

  test('a day ends at midnight here', () => {
    expect(sameDay(iso(11, 21, 23, 59), iso(11, 22, 0, 0))).toBe(false);
    expect(sameDay(iso(11, 22, 0, 0), iso(11, 22, 23, 59))).toBe(true);
  });
});

test('a whole moment is said as people say it', () => {
  expect(plain(fullTime(iso(11, 21, 15, 30), 'en', now))).toBe('Yesterday 3:30 PM');
  expect(plain(fullTime(iso(11, 21, 15, 30), 'ko', now))).toBe('어제 오후 3:30');
});

describe('last seen', () => {
  test.each([
    [iso(11, 22, 15, 26), '4 minutes ago'],
    [iso(11, 22, 13, 30), '2 hours ago'],
    [iso(11, 21, 9), 'yesterday'],
    [iso(11, 19), '3 days ago'],
    [iso(10, 1), 'Oct 1'],
  ])('%s is %s', (time, text) => {
    expect(ago(time, 'en', now)).toBe(text);
  });

  test('is nothing to speak of within a minute, nor with a clock that is ahead', () => {
    expect(ago(iso(11, 22, 15, 30), 'en', now)).toBeNull();
    expect(ago(iso(11, 22, 15, 35), 'en', now)).toBeNull();
  });

  test('counts hours, not days, just after midnight', () => {
    expect(ago(iso(11, 21, 23, 0), 'en', at(11, 22, 1, 0))).toBe('2 hours ago');
  });
});

test('minutes are those of the clock', () => {
  expect(sameMinute('2026-11-22T10:00:00.000Z', '2026-11-22T10:00:59.999Z')).toBe(true);
  expect(sameMinute('2026-11-22T10:00:59.999Z', '2026-11-22T10:01:00.000Z')).toBe(false);
  expect(plain(clock(iso(11, 22, 0, 5), 'en'))).toBe('12:05 AM');
});
