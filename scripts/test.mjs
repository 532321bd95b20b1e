// Everything that must hold: checks, budgets and tests of all packages. Ends with the line `N passed, N failed`.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, ensureNode, fail, root, run } from './bootstrap.mjs';

await ensureNode();
await ensureInstalled({ full: true });

const { CHROMIUM_MISSING, findChromium } = await import('./chromium.mjs');
const chromium = await findChromium({ install: true });
if (!chromium) fail(CHROMIUM_MISSING);
const { REDIS_MISSING, findRedis } = await import('./redis.mjs');
if (findRedis({ install: true }) === null) fail(REDIS_MISSING);

/** @typedef {[name: string, script: string, ...args: string[]]} Check */

/** Side by side, one after the other in each: a build writes what size and types are looked up in. @type {Check[][]} */
const CHECKS = [
  [['lint', 'eslint/bin/eslint.js', '.']],
  [
    ['format', 'prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
    ['types', 'typescript/bin/tsc', '--build'],
    ['build', '../scripts/build.mjs'],
    ['size', 'size-limit/bin.js'],
    ['docs', 'typedoc/bin/typedoc', '--emit', 'none'],
  ],
];
const cacheDir = join(root, '.cache');
const report = join(cacheDir, 'vitest.json');
/** Far more than all tests take: a browser that spins must not keep a run going for ever. */
const TESTS_MS = 15 * 60_000;
const counts = { passed: 0, failed: 0 };
mkdirSync(cacheDir, { recursive: true });

await Promise.all(
  CHECKS.map(async (checks) => {
    for (const each of checks) await check(...each);
  }),
);
await runTests();
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** @param {boolean} ok */
function count(ok) {
  counts[ok ? 'passed' : 'failed'] += 1;
}

/** What it says is of interest only when it fails. @param {Check} check */
async function check(...[name, script, ...args]) {
  const output = join(cacheDir, `check-${name}.log`);
  const file = openSync(output, 'w');
  const started = Date.now();
  const status = await node(script, args, { stdio: ['ignore', file, file] });
  const took = `${((Date.now() - started) / 1000).toFixed(1)} s`;
  closeSync(file);
  count(status === 0);
  process.stdout.write(
    status === 0 ? `✓ ${name} (${took})\n` : `✗ ${name} (${took})\n${readFileSync(output, 'utf8')}\n`,
  );
}

async function runTests() {
  rmSync(report, { force: true });
  const reporters = ['default', 'json', './scripts/slowest.mjs'].map((reporter) => `--reporter=${reporter}`);
  const args = ['run', ...reporters, `--outputFile.json=${report}`];
  const status = await node('vitest/vitest.mjs', args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: TESTS_MS });
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

/** @param {string} script @param {string[]} args @param {import('node:child_process').SpawnOptions} options */
async function node(script, args, options) {
  // Tests start the server from its sources a hundred times: Node keeps what it has compiled.
  const env = { ...process.env, NODE_ENV: 'test', NODE_COMPILE_CACHE: join(cacheDir, 'compiled') };
  return run(process.execPath, [join(root, 'node_modules', script), ...args], { ...options, env });
}
