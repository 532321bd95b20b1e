import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually, startTestApp, type TestApp } from '../server/testing.ts';
import { createPresence } from './presence.ts';
import type { Typing } from './protocol/index.ts';

describe('typing', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function open() {
    const told: Typing[] = [];
    const { presence, ...more } = createPresence((typing) => told.push(typing));
    return { presence, told, ...more, rooms: () => Object.fromEntries(presence.typing.get()) };
  }

  test('keystrokes are told at most every 3 s, stopping at once and only where it was told', () => {
    const { presence, told } = open();
    presence.setTyping('room', false);
    for (let ms = 0; ms < 6_500; ms += 100) {
      presence.setTyping('room', true);
      vi.advanceTimersByTime(100);
    }
    expect(told).toEqual(Array(3).fill({ roomId: 'room', typing: true }));
    presence.setTyping('room', false);
    presence.setTyping('room', false);
    expect(told.slice(3)).toEqual([{ roomId: 'room', typing: false }]);
  });

  test('after a message the next keystroke is told at once', () => {
    const { presence, told, sent } = open();
    presence.setTyping('room', true);
    sent('room');
    presence.setTyping('room', true);
    expect(told).toHaveLength(2);
  });

  test('others’ typing runs out after 6 s unless it is told again', () => {
    const { hear, rooms } = open();
    hear({ roomId: 'room', userId: 'a', typing: true });
    hear({ roomId: 'room', userId: 'b', typing: true });
    vi.advanceTimersByTime(4_000);
    hear({ roomId: 'room', userId: 'b', typing: true });
    expect(rooms()).toEqual({ room: ['a', 'b'] });
    vi.advanceTimersByTime(3_000);
    expect(rooms()).toEqual({ room: ['b'] });
    vi.advanceTimersByTime(3_000);
    expect(rooms()).toEqual({});
  });

  test('nobody is typing once the connection is gone', () => {
    const { hear, quiet, rooms } = open();
    hear({ roomId: 'room', userId: 'a', typing: true });
    quiet();
    expect(rooms()).toEqual({});
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('on the wire', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  test('typing shows at the other one, and ends with the message', async () => {
    const [one, other] = [await app.signUp(), await app.signUp()];
    const roomId = await app.befriend(one, other);
    const typing = () => other.client.presence.typing.get().get(roomId);
    one.client.presence.setTyping(roomId, true);
    await eventually(() => typing()?.includes(one.id));
    expect(one.client.presence.typing.get().size).toBe(0);
    await one.client.messages.room(roomId).send('there');
    await eventually(() => typing() === undefined);
  });

  test('a friend who comes and goes is online and offline everywhere', async () => {
    const [one, other] = [await app.signUp(), await app.signUp()];
    await app.befriend(one, other);
    const seen = () => [
      one.client.presence.store.get().get(other.id)?.online,
      one.client.friends.store.get().friends[0]?.presence.online,
      one.client.rooms.store.get().rooms[0]?.presence?.online,
    ];
    await eventually(() => seen().every((online) => online === true));
    other.client.close();
    await eventually(() => seen().every((online) => online === false));
    expect(one.client.presence.store.get().get(other.id)?.lastSeenAt).toMatch(/^\d{4}-/);
    await app.logIn(other);
    await eventually(() => seen().every((online) => online === true));
  });
});
