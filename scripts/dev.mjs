// Watches the sources: compiles, bundles and restarts the server whenever something has changed.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, ensureNode, root } from './bootstrap.mjs';

await ensureNode();
await ensureInstalled({ full: false });
const { ensureBuilt } = await import('./build.mjs');
await ensureBuilt();

const PROJECTS = ['sdk/protocol', 'sdk', 'widget', 'console', 'server'];
const BUNDLED = ['sdk/dist', 'widget/dist/tsc', 'console/dist/tsc', 'examples'];
/** Long enough for the compiler to have written all that one change concerns. */
const SETTLED_MS = 300;

const compiler = start('node_modules/typescript/bin/tsc', '--build', '--watch', '--preserveWatchOutput', ...PROJECTS);
let server = startServer();
/** @type {import('node:child_process').ChildProcess | undefined} */
let bundler;
let isEnding = false;

onChange(BUNDLED, () => {
  bundler?.kill();
  bundler = start('node_modules/rollup/dist/bin/rollup', '--config', '--silent');
});
// It serves what is bundled as well, from memory.
onChange(['server/dist'], () => {
  const old = server;
  old.removeListener('exit', end);
  old.once('exit', () => {
    if (!isEnding) server = startServer();
  });
  old.kill('SIGTERM');
});
compiler.once('exit', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, end);

/** @param {string[]} folders @param {() => void} react */
function onChange(folders, react) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  for (const folder of folders) {
    watch(join(root, folder), { recursive: true }, (_event, file) => {
      if (file?.includes('.iife.') || file?.endsWith('.tsbuildinfo')) return;
      clearTimeout(timer);
      timer = setTimeout(react, SETTLED_MS);
    }).unref();
  }
}

function startServer() {
  return start(join('server', 'dist', 'main.js')).once('exit', end);
}

/** @param {string[]} args */
function start(...args) {
  return spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}

function end() {
  isEnding = true;
  for (const child of [compiler, server, bundler]) child?.kill('SIGTERM');
  // Watchers keep a process alive; what it has started ends by itself.
  setTimeout(() => process.exit(), 1000);
}
