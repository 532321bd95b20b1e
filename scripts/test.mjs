// Everything that must hold: checks, budgets and tests of all packages. Ends with the line `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, ensureNode, fail, root } from './bootstrap.mjs';

await ensureNode();
await ensureInstalled({ full: true });

const { CHROMIUM_MISSING, findChromium } = await import('./chromium.mjs');
const chromium = await findChromium({ install: true });
if (!chromium) fail(CHROMIUM_MISSING);

/** @type {[string, string, ...string[]][]} */
const CHECKS = [
  ['lint', 'eslint/bin/eslint.js', '.'],
  ['format', 'prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  ['types', 'typescript/bin/tsc', '--build'],
  ['build', '../scripts/build.mjs'],
  ['size', 'size-limit/bin.js'],
  ['docs', 'typedoc/bin/typedoc', '--emit', 'none'],
];
const report = join(root, '.cache', 'vitest.json');
const counts = { passed: 0, failed: 0 };

for (const [name, script, ...args] of CHECKS) {
  const started = Date.now();
  const { status, stdout, stderr } = node('pipe', script, args);
  const took = `${((Date.now() - started) / 1000).toFixed(1)} s`;
  count(status === 0);
  process.stdout.write(status === 0 ? `✓ ${name} (${took})\n` : `✗ ${name} (${took})\n${stdout}${stderr}\n`);
}
runTests();
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** @param {boolean} ok */
function count(ok) {
  counts[ok ? 'passed' : 'failed'] += 1;
}

function runTests() {
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(report, { force: true });
  const { status } = node('inherit', 'vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const before = counts.failed;
  for (const file of readReport()) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed' || test.status === 'failed') count(test.status === 'passed');
    }
    const couldNotRun = file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed');
    if (couldNotRun) count(false);
  }
  // An error outside of every test fails the run without failing a test.
  if (status !== 0 && counts.failed === before) count(false);
}

/** @typedef {{ status: string, assertionResults: { status: string }[] }} TestFile */

function readReport() {
  try {
    /** @type {unknown} */
    const content = JSON.parse(readFileSync(report, 'utf8'));
    return /** @type {{ testResults: TestFile[] }} */ (content).testResults;
  } catch {
    return [];
  }
}

/** @param {'pipe' | 'inherit'} stdio @param {string} script @param {string[]} args */
function node(stdio, script, args) {
  return spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', stdio, stdio],
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NODE_ENV: 'test' },
  });
}
