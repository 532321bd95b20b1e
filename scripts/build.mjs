import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, ensureNode, fail, readText, root, run } from './bootstrap.mjs';

const SOURCES = [
  'sdk',
  'widget',
  'console',
  'server',
  'examples',
  'rollup.config.mjs',
  'tsconfig.base.json',
  'package-lock.json',
];
const SKIPPED = new Set(['node_modules', 'dist', 'bench']);
const RESULTS = [
  'sdk/dist/co-talk-sdk.iife.js',
  'widget/dist/index.js',
  'server/dist/public/co-talk.js',
  'server/dist/public/console/index.html',
  'server/dist/public/docs/api.js',
  'server/dist/main.js',
];
const stamp = join(root, '.cache', 'build-stamp');

/** Builds the packages and what browsers load, where a source has changed since the last build. */
export async function ensureBuilt() {
  const fingerprint = fingerprintSources();
  const isComplete = RESULTS.every((file) => existsSync(join(root, file)));
  if (isComplete && readText(stamp) === fingerprint) return;
  process.stdout.write('building\n');
  await build();
}

export async function build() {
  const fingerprint = fingerprintSources();
  await runScript(
    'node_modules/typescript/bin/tsc',
    '--build',
    'sdk/protocol',
    'sdk',
    'widget',
    'console',
    'server',
    'server/openapi/page',
  );
  await runScript('node_modules/rollup/dist/bin/rollup', '--config', '--silent');
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(stamp, fingerprint);
}

/** @param {string} script @param {string[]} args */
async function runScript(script, ...args) {
  const status = await run(process.execPath, [join(root, script), ...args]);
  if (status !== 0) fail('unable to build; see above for the reason');
}

/** Sizes and times of all sources: reading them all would cost more than a start may take. */
function fingerprintSources() {
  const hash = createHash('sha256');
  for (const source of SOURCES) addTo(hash, source);
  return hash.digest('hex');
}

/** @param {import('node:crypto').Hash} hash @param {string} path */
function addTo(hash, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stats || path.endsWith('.test.ts')) return;
  if (!stats.isDirectory()) {
    hash.update(`${path} ${stats.size} ${stats.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(join(root, path)).sort()) {
    if (!SKIPPED.has(name)) addTo(hash, `${path}/${name}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await ensureNode();
  await ensureInstalled({ full: false });
  await build();
}
