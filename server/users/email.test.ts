import { expect, test } from 'vitest';
import { emailKey, emailProblem } from './email.ts';

const label = 'l'.repeat(63);

test.each([
  'a@b.co',
  'first.last+tag@example.com',
  "o'neil_!#$%&*/=?^`{|}~-@example.co.uk",
  ' pasted@example.com\n',
  '홍길동@example.com',
  'jörg@müller.example',
  'user@한국.한국',
  'user@xn--3e0b707e.example',
  '1@2.com',
  `${'a'.repeat(64)}@example.com`,
  `a@${label}.${label}.${label}.${'d'.repeat(60)}`,
])('%j is an address', (email) => {
  expect(emailProblem(email)).toBeUndefined();
});

test.each([
  ['nothing', ''],
  ['no @', 'example.com'],
  ['two @', 'a@b@example.com'],
  ['nothing before the @', '@example.com'],
  ['nothing after the @', 'a@'],
  ['no dot in the domain', 'a@localhost'],
  ['an empty label', 'a@example..com'],
  ['a dot first', 'a@.example.com'],
  ['a dot last', 'a@example.com.'],
  ['a hyphen at an edge', 'a@-example.com'],
  ['a hyphen at the other edge', 'a@example-.com'],
  ['an underscore in the domain', 'a@exam_ple.com'],
  ['an address of numbers', 'a@127.0.0.1'],
  ['a literal address', 'a@[127.0.0.1]'],
  ['a space', 'a b@example.com'],
  ['a space in the domain', 'a@exam ple.com'],
  ['a no-break space', 'a\u00a0b@example.com'],
  ['a tab', 'a\tb@example.com'],
  ['a header', 'a@example.com\nBcc: b@example.com'],
  ['NUL', 'a\0b@example.com'],
  ['a zero-width space', 'a\u200bb@example.com'],
  ['a right-to-left override', 'a\u202eb@example.com'],
  ['a lone surrogate', 'a\ud800b@example.com'],
  ['dots in a row', 'a..b@example.com'],
  ['a dot before the @', 'a.@example.com'],
  ['a name', 'Ann <ann@example.com>'],
  ['quotes', '"a b"@example.com'],
  ['a comma', 'a@example.com,b@example.com'],
  ['65 characters before the @', `${'a'.repeat(65)}@example.com`],
  ['a label of 64', `a@${'l'.repeat(64)}.com`],
  ['255 characters', `a@${label}.${label}.${label}.${'d'.repeat(61)}`],
  ['letters that grow in lower case', `a@${'İ'.repeat(60)}.${'İ'.repeat(60)}.${'İ'.repeat(60)}.com`],
])('not with %s', (_name, email) => {
  expect(emailProblem(email)).toEqual(expect.any(String));
});

test('letter case, composition and what is pasted around do not make another address', () => {
  expect(emailKey(' JÖRG@Example.COM ')).toBe(emailKey('jörg@example.com'.normalize('NFD')));
  expect(emailKey('a.b@example.com')).not.toBe(emailKey('ab@example.com'));
});

test('50,000 crafted characters are judged at once', () => {
  const before = process.cpuUsage();
  for (const unit of ['a', 'a.', '@', '-', 'a-', 'é']) {
    emailProblem(unit.repeat(50_000));
    emailProblem(`a@${unit.repeat(50_000)}`);
  }
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
});
