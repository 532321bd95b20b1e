import { join } from 'node:path';
import { ensureInstalled, ensureNode, root, run } from './bootstrap.mjs';

await ensureNode();
await ensureInstalled({ full: true });
const bench = join(root, 'server', 'bench', 'load', 'main.ts');
const flags = ['--conditions=co-talk-source', '--experimental-strip-types', '--no-warnings'];
process.exitCode = await run(process.execPath, [...flags, bench, ...process.argv.slice(2)]);
