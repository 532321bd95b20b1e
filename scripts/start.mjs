import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { ensureInstalled, ensureNode, root } from './bootstrap.mjs';

await ensureNode();
ensureInstalled({ full: false });
const { ensureBuilt } = await import('./build.mjs');
ensureBuilt();

// A process manager or an impatient person may end npm without a word to what it has started.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 1000).unref();

/** @type {{ main(): Promise<void> }} */
const server = await import(pathToFileURL(join(root, 'server', 'dist', 'main.js')).href);
await server.main();
