import { expect, test } from 'vitest';
import { sendBody } from './messages.routes.ts';

const valid = { clientId: 'one', text: 'hello' };

test.each<[unknown]>([
  [undefined],
  [null],
  [[]],
  ['hello'],
  [{}],
  [valid],
  [{ ...valid, more: 1 }],
  [{ clientId: 'one' }],
  [{ text: 'hello' }],
  [{ ...valid, text: 5 }],
  [{ ...valid, text: '' }],
  ...['', 'x'.repeat(128), 'x'.repeat(129), 'a\nb', 'a\u0000b', 'a\u2028b', '\ud800', '👍🏽', ' '].map(
    (clientId): [unknown] => [{ ...valid, clientId }],
  ),
  [{ ...valid, clientId: 5 }],
  [{ ...valid, clientId: null }],
])('what is read by hand and what is described are the same: %j', (input) => {
  const accepts = () => {
    try {
      sendBody(input);
      return true;
    } catch {
      return false;
    }
  };
  expect(accepts()).toBe(sendBody.schema?.safeParse(input).success);
});
