import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { hashPassword, passwordProblem, verifyPassword } from './passwords.ts';

const env = { NODE_ENV: 'test', SECRET: 'a secret for tests that is long enough', BCRYPT_COST: '4' };
const config = loadConfig(env);

describe('new passwords', () => {
  test.each<[string, string, string | undefined]>([
    ['7 characters', 'k3j9!xq', 'at least 8'],
    ['8 characters', 'k3j9!xqz', undefined],
    ['128 characters', 'k3j9!xqz'.repeat(16).replace('k', 'K'), undefined],
    ['129 characters', 'k3j9!xqz'.repeat(16).replace('k', 'K') + '!', 'at most 128'],
    ['8 Korean syllables', '고양이발바닥젤리', undefined],
    ['8 composed out of 21 decomposed characters', '고양이발바닥젤리'.normalize('NFD'), undefined],
    ['7 composed letters that are 14 decomposed ones', 'éàüöîçñ'.normalize('NFD'), 'at least 8'],
    ['a sentence', 'correct horse battery staple', undefined],
    ['one character', 'aaaaaaaaaa', 'repetition'],
    ['one emoji', '😀'.repeat(8), 'repetition'],
    ['two characters in turn', 'ababababa', 'repetition'],
    ['three characters in turn', 'xyzxyzxyzx', 'repetition'],
    ['spaces', ' '.repeat(12), 'repetition'],
    ['digits in order', '23456789', 'sequence'],
    ['digits in order, around', '7890123456', 'sequence'],
    ['digits backwards', '987654321', 'sequence'],
    ['the alphabet', 'cdefghijkl', 'sequence'],
    ['a row of keys', 'ertyuiop', 'sequence'],
    ['a row of keys backwards', 'POIUYTREWQ', 'sequence'],
    ['a common one', 'password', 'tried first'],
    ['a common one in capitals', 'PASSWORD', 'tried first'],
    ['a common one with an ending', 'Password123!', 'tried first'],
    ['a common one with digits around', '12sunshine34', 'tried first'],
    ['a common one with look-alikes', 'P@55w0rd', 'tried first'],
    ['a common walk over the keys', '1q2w3e4r', 'tried first'],
    ['a common one in Korean', '안녕하세요2026', 'tried first'],
    ['a common Korean one on Latin keys', 'dkssudgktpdy', 'tried first'],
    ['the e-mail address', 'Marie.Curie@example.com', 'e-mail address or the nickname'],
    ['the name in the address', 'MARIE.CURIE', 'e-mail address or the nickname'],
    ['the nickname', 'Radium Girl', 'e-mail address or the nickname'],
    ['the nickname and more', 'Radium Girl 1898', undefined],
  ])('%s', (_name, password, problem) => {
    const found = passwordProblem(password, ['marie.curie@example.com', 'marie.curie', 'Radium Girl']);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });
});

describe('hashes', () => {
  const same = async (password: string, other: string) =>
    verifyPassword(config, other, await hashPassword(config, password));

  test.each<[string, string, string]>([
    ['the 73rd byte', 'x'.repeat(72) + 'a', 'x'.repeat(72) + 'b'],
    ['the 25th Korean syllable', '가'.repeat(24) + '나', '가'.repeat(24) + '다'],
    ['letter case', 'correct horse', 'Correct horse'],
    ['a space at the end', 'correct horse', 'correct horse '],
    ['what follows a NUL', 'correct\0horse', 'correct\0house'],
  ])('tell %s apart', async (_name, password, other) => {
    expect(await same(password, password)).toBe(true);
    expect(await same(password, other)).toBe(false);
  });

  test('do not tell how a keyboard composes letters', async () => {
    expect(await same('비밀스러운 말 é'.normalize('NFD'), '비밀스러운 말 é'.normalize('NFC'))).toBe(true);
  });

  test('are worth nothing with another secret, and differ for one password', async () => {
    const hash = await hashPassword(config, 'correct horse');
    const elsewhere = loadConfig({ ...env, SECRET: 'another secret that is long enough' });
    expect(await verifyPassword(elsewhere, 'correct horse', hash)).toBe(false);
    expect(await hashPassword(config, 'correct horse')).not.toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{8}:\$2b\$04\$/);
  });

  test('that are missing match nothing, and take the work of a real one', async () => {
    const slow = loadConfig({ ...env, BCRYPT_COST: '10' });
    const started = performance.now();
    expect(await verifyPassword(slow, 'correct horse', null)).toBe(false);
    expect(performance.now() - started).toBeGreaterThan(10);
  });
});
