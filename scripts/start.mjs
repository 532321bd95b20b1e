import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { ensureInstalled, ensureNode, root, watchParent } from './bootstrap.mjs';

await ensureNode();
await ensureInstalled({ full: false });
const { ensureBuilt } = await import('./build.mjs');
await ensureBuilt();

watchParent(() => process.kill(process.pid, 'SIGTERM'));

/** @type {unknown} */
const server = await import(pathToFileURL(join(root, 'server', 'dist', 'main.js')).href);
await /** @type {{ main(): Promise<void> }} */ (server).main();
