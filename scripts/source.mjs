// node scripts/source.mjs <file> <arguments>: runs a TypeScript file of this repository from source, without a build.
import { join } from 'node:path';
import { ensureInstalled, ensureNode, root, run } from './bootstrap.mjs';

await ensureNode();
await ensureInstalled({ full: true });
const [file = '', ...args] = process.argv.slice(2);
const flags = ['--conditions=co-talk-source', '--experimental-strip-types', '--no-warnings'];
process.exitCode = await run(process.execPath, [...flags, join(root, file), ...args]);
