import { expect, test } from 'vitest';
import { csv } from './download.ts';

test('a table keeps its cells apart, and starts no formula', () => {
  expect(
    csv([
      ['a,b', 'say "hi"', null, 1],
      ['=1+1', '-2', 'line\nline', '@x'],
    ]),
  ).toBe(`"a,b","say ""hi""",,1\r\n'=1+1,'-2,"line\nline",'@x\r\n`);
});
