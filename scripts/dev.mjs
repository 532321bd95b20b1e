// Watches the sources: compiles, bundles and restarts the server whenever something has changed.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, ensureNode, root } from './bootstrap.mjs';

await ensureNode();
await ensureInstalled({ full: false });
const { ensureBuilt } = await import('./build.mjs');
await ensureBuilt();

const watchers = [
  [
    'node_modules/typescript/bin/tsc',
    '--build',
    '--watch',
    '--preserveWatchOutput',
    'sdk/protocol',
    'sdk',
    'widget',
    'server',
  ],
  ['node_modules/rollup/dist/bin/rollup', '--config', '--watch', '--silent'],
  ['--watch-path=server/dist', '--watch-preserve-output', join('server', 'dist', 'main.js')],
].map((args) => spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }));

for (const watcher of watchers) watcher.once('exit', end);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);

function end() {
  for (const watcher of watchers) watcher.kill('SIGTERM');
}
