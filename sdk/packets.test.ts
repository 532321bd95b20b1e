import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFrame } from './packets.ts';

test.each([
  ['0{"sid":"a","upgrades":[],"pingInterval":15000,"pingTimeout":10000}', { type: 'open', silenceMs: 25_000 }],
  ['0{"pingInterval":1e999,"pingTimeout":1}', { type: 'open', silenceMs: 2 ** 31 - 1 }],
  ['1', { type: 'close' }],
  ['2', { type: 'ping' }],
  ['3', { type: 'other' }],
  ['6', { type: 'other' }],
  ['40', { type: 'connect' }],
  ['40{"sid":"a"}', { type: 'connect' }],
  ['41', { type: 'close' }],
  ['42["hello"]', { type: 'event', name: 'hello', payload: undefined }],
  [
    '42["a\\nb",{"text":"\\"[]\\"\u2028\n"}]'.replace('\n', ' '),
    { type: 'event', name: 'a\nb', payload: { text: '"[]"\u2028 ' } },
  ],
  ['4217["asked",1]', { type: 'event', name: 'asked', payload: 1 }],
  ['430[{"ok":true}]', { type: 'ack', id: 0, answer: { ok: true } }],
  ['4312[]', { type: 'ack', id: 12, answer: undefined }],
  ['44{"message":"no","data":{"code":"x"}}', { type: 'refused', data: { code: 'x' } }],
  ['44{"message":"no"}', { type: 'refused', data: undefined }],
  ['44', { type: 'refused', data: undefined }],
])('%s', (frame, packet) => {
  expect(readFrame(frame)).toEqual(packet);
});

test.each([
  ...['', 'x', '7', 'null', '0', '0{', '0null', '0[]', '0{"pingInterval":"1","pingTimeout":2}', '0{"pingInterval":1}'],
  ...[
    '4',
    '4x',
    '49',
    '40{',
    '41x',
    '42',
    '42{}',
    '42[]',
    '42[1]',
    '42[null]',
    '42["a"',
    '42/admin,["a"]',
    '42-1["a"]',
  ],
  ...['43["a"]', '431', '431{}', '431"a"', '44{', '451-["a",{"_placeholder":true,"num":0}]', '461-1[]'],
  `42${'['.repeat(1_000_000)}`,
  ...[new ArrayBuffer(3), undefined, null, 4],
])('nothing of it: %.40s', (frame) => {
  expect(readFrame(frame)).toBeUndefined();
});

test('whatever comes, it is a packet or it is none: nothing is thrown', () => {
  const piece = fc.constantFrom(
    '0',
    '4',
    '42',
    '43',
    '[',
    ']',
    '{',
    '}',
    '"',
    ',',
    '/',
    '-',
    '1',
    '\n',
    'null',
    '"data":',
  );
  const frame = fc.oneof(
    fc.string(),
    fc.array(piece).map((pieces) => pieces.join('')),
    fc.json().map((json) => `42${json}`),
  );
  fc.assert(
    fc.property(frame, (text) => {
      expect([undefined, 'object']).toContain(readFrame(text) && typeof readFrame(text));
    }),
    { numRuns: 5_000 },
  );
});
