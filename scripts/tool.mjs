// node scripts/tool.mjs <program of an installed package> <arguments>: runs it with a Node and packages it can use.
import { join } from 'node:path';
import { ensureInstalled, ensureNode, root, run } from './bootstrap.mjs';

await ensureNode();
await ensureInstalled({ full: true });
const [program = '', ...args] = process.argv.slice(2);
process.exitCode = await run(join(root, 'node_modules', '.bin', program), args, {
  shell: process.platform === 'win32',
});
