import { afterEach, expect, test } from 'vitest';
import { Drafts } from './drafts.ts';

const SERVER = 'https://chat.example.com';

afterEach(() => localStorage.clear());

test('a draft outlives the page', () => {
  new Drafts(SERVER, 'a').set('u', 'r', 'half a sentence');
  expect(new Drafts(SERVER, 'a').get('u', 'r')).toBe('half a sentence');
});

test('a draft belongs to one person, room and app', () => {
  const drafts = new Drafts(SERVER, 'a');
  drafts.set('u', 'r', 'mine');
  expect(drafts.get('other', 'r')).toBe('');
  expect(drafts.get('u', 'other')).toBe('');
  expect(new Drafts(SERVER, 'b').get('u', 'r')).toBe('');
});

test('what was sent is no draft any more', () => {
  const drafts = new Drafts(SERVER, 'a');
  drafts.set('u', 'r', 'text');
  drafts.set('u', 'r', '');
  expect(drafts.get('u', 'r')).toBe('');
  expect(localStorage.length).toBe(0);
});

test('signing out forgets every draft of the app, and nothing else', () => {
  localStorage.setItem('of the page', 'stays');
  const drafts = new Drafts(SERVER, 'a');
  const others = new Drafts(SERVER, 'b');
  drafts.set('u', 'r1', 'one');
  drafts.set('u', 'r2', 'two');
  others.set('u', 'r', 'other app');
  drafts.clear();
  expect([drafts.get('u', 'r1'), drafts.get('u', 'r2')]).toEqual(['', '']);
  expect(others.get('u', 'r')).toBe('other app');
  expect(localStorage.getItem('of the page')).toBe('stays');
});
