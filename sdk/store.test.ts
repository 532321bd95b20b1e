import { expect, test, vi } from 'vitest';
import { createStore } from './store.ts';

test('a listener is called at once and on every change, until it stops', () => {
  const store = createStore(1);
  const seen: number[] = [];
  const stop = store.subscribe((value) => seen.push(value));
  store.set(2);
  store.set(3);
  stop();
  store.set(4);
  expect(seen).toEqual([1, 2, 3]);
  expect(store.get()).toBe(4);
});

test('setting the same value tells nobody', () => {
  const value = { a: 1 };
  const store = createStore(value);
  const listener = vi.fn();
  store.subscribe(listener);
  store.set(value);
  expect(listener).toHaveBeenCalledTimes(1);
});

test('methods work unbound, as useSyncExternalStore and Svelte take them', () => {
  const { get, subscribe, set } = createStore('a');
  const seen: string[] = [];
  const stop = subscribe((value) => seen.push(value));
  set('b');
  expect(get()).toBe('b');
  expect(seen).toEqual(['a', 'b']);
  stop();
});

test('one function subscribed twice is two listeners', () => {
  const store = createStore(0);
  const listener = vi.fn();
  const stopOne = store.subscribe(listener);
  store.subscribe(listener);
  stopOne();
  listener.mockClear();
  store.set(1);
  expect(listener).toHaveBeenCalledTimes(1);
});

test('a listener that throws keeps neither the others nor the setter from going on', () => {
  const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const store = createStore(0);
  const seen: number[] = [];
  store.subscribe(() => {
    throw new Error('a fault of the page');
  });
  store.subscribe((value) => seen.push(value));
  expect(() => {
    store.set(1);
  }).not.toThrow();
  expect(seen).toEqual([0, 1]);
  expect(complain).toHaveBeenCalled();
  complain.mockRestore();
});

test('a listener that sets the store: everybody ends with the newest value, and nobody goes back', () => {
  const store = createStore(0);
  const late: number[] = [];
  store.subscribe((value) => {
    if (value === 1) store.set(2);
  });
  store.subscribe((value) => late.push(value));
  store.set(1);
  expect(late).toEqual([0, 2]);
});

test('a listener stopped by another one is not called any more', () => {
  const store = createStore(0);
  const listener = vi.fn();
  let stop: () => void = () => undefined;
  store.subscribe((value) => {
    if (value === 1) stop();
  });
  stop = store.subscribe(listener);
  listener.mockClear();
  store.set(1);
  expect(listener).not.toHaveBeenCalled();
});
