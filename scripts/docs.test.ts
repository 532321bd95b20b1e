import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './testing.ts';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
];

/** Paths to files of ours in backticks: with a folder, and an ending that sources have. */
const PATH = /`((?:sdk|server|widget|e2e|scripts|examples|docs)\/[\w./-]+\.(?:ts|mjs|md|json|yml))`/g;
const LINK = /\]\((?!https?:|#|mailto:)([^)#\s]+)/g;

test.each(pages.filter((page) => page.endsWith('.md')))('%s names only files that are there', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const named = [...text.matchAll(PATH)].map(([, path = '']) => path);
  const linked = [...text.matchAll(LINK)].map(([, path = '']) => join(dirname(page), path));
  expect([...named, ...linked].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every promise of delivery is told, and names a test that proves it', () => {
  const text = readFileSync(join(root, 'docs', 'delivery.md'), 'utf8');
  const promises = Array.from({ length: 12 }, (_, index) => `P${index + 1}`);
  for (const promise of promises) {
    expect(text).toMatch(new RegExp(`^\\| \\*\\*${promise} `, 'm'));
    const row = new RegExp(`^\\| ${promise} +\\|(.*)$`, 'm').exec(text)?.[1] ?? '';
    expect(
      [...row.matchAll(PATH)].filter(([, path]) => path?.endsWith('.test.ts')),
      promise,
    ).not.toEqual([]);
  }
});
