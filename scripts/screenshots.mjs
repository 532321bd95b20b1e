import { join } from 'node:path';
import { ensureInstalled, ensureNode, root, run } from './bootstrap.mjs';

await ensureNode();
await ensureInstalled({ full: true });
const { ensureBuilt } = await import('./build.mjs');
await ensureBuilt();
const flags = ['--conditions=co-talk-source', '--experimental-strip-types', '--no-warnings'];
process.exitCode = await run(process.execPath, [...flags, join(root, 'e2e', 'screenshots.ts')]);
