import { describe, expect, test } from 'vitest';
import { countGraphemes } from './index.ts';

describe('countGraphemes counts what people see', () => {
  test.each([
    ['', 0],
    ['hello', 5],
    ['two\nlines', 9],
    ['a carriage return joins\r\n', 24],
    ['한국어', 3],
    ['한국어'.normalize('NFD'), 3],
    ['é', 1],
    ['e\u0301', 1],
    ['👍🏽', 1],
    ['👩‍👩‍👧‍👦', 1],
    ['🇰🇷🇯🇵', 2],
    ['ok 👍🏽', 4],
  ])('%j', (text, count) => {
    expect(countGraphemes(text)).toBe(count);
  });
});
