import { expect, test } from 'vitest';
import { frame } from './frames.ts';
import { call, next, startTestApp } from './testing.ts';

/** Reads one frame as RFC 6455, 5.2 says. */
function read(bytes: Buffer): { text: string; rest: number } {
  expect(bytes[0]).toBe(0x81);
  const short = bytes[1] ?? 0;
  const [size, from] =
    short < 126 ? [short, 2] : short === 126 ? [bytes.readUInt16BE(2), 4] : [Number(bytes.readBigUInt64BE(2)), 10];
  return { text: bytes.toString('utf8', from, from + size), rest: bytes.length - from - size };
}

test.each([0, 1, 124, 125, 126, 65_534, 65_535, 200_000])('a text of %i bytes is one frame', (size) => {
  const text = 'x'.repeat(size);
  for (const again of [text, text, `${text}y`])
    expect(read(Buffer.from(frame(again), 'latin1'))).toEqual({ text: `4${again}`, rest: 0 });
});

test.each(['é', '안녕하세요', '👩‍👩‍👧', `"${'한'.repeat(50_000)}"`, 'a\u0000b'])(
  'text of other characters is its UTF-8',
  (text) => {
    expect(read(Buffer.from(frame(text), 'latin1'))).toEqual({ text: `4${text}`, rest: 0 });
  },
);

test('what one turn sends arrives whole and in order, in any language, and before the connection ends', async () => {
  const app = await startTestApp();
  const { one, other, roomId } = await app.pairRaw();
  const [mine, theirs] = [await app.connect(one.token), await app.connect(other.token)];
  const heard: string[] = [];
  theirs.on('message', ({ message }: { message: { text: string } }) => heard.push(message.text));
  const texts = Array.from({ length: 60 }, (_, index) => `${String(index)} ${index % 2 ? '안녕 👋' : 'x'.repeat(900)}`);
  const ended = next(theirs, 'session:ended');
  await Promise.all(
    texts.map((text, index) => call(mine, 'message:send', { roomId, clientId: `c${String(index)}`, text })),
  );
  await app.request('POST', '/auth/logout', { token: other.token });
  expect(await ended).toEqual({ reason: 'logout' });
  expect(heard).toEqual(texts);
  await app.close();
});
