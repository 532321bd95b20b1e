import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MessageEvent, MessagePage } from '@co-talk/sdk/protocol';
import { call, eventually, startTestApp, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

test('two devices of one person each keep their order, and everybody hears the same one', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const devices = await Promise.all([app.connect(one.token), app.connect(one.token)]);
  const theirs = await app.connect(other.token);
  const heard: string[] = [];
  theirs.on('message', (event: MessageEvent) => heard.push(event.message.text));
  const sends = Array.from({ length: 50 }, (_, index) =>
    devices.map((device, place) => {
      const text = `${place} ${String(index).padStart(2, '0')}`;
      return call(device, 'message:send', { roomId, clientId: text, text });
    }),
  );
  const answers = await Promise.all(sends.flat());
  expect(answers.every((answer) => answer.ok)).toBe(true);
  await eventually(() => heard.length === answers.length);
  for (const place of ['0', '1']) {
    const own = heard.filter((text) => text.startsWith(place));
    expect(own).toHaveLength(50);
    expect(own).toEqual([...own].sort());
  }
  const { body } = await app.request<MessagePage>('GET', `/rooms/${roomId}/messages?limit=100`, { token: other.token });
  expect(body.items.map((message) => message.text)).toEqual(heard);
});
