// node scripts/tool.mjs <program of an installed package> <arguments>: runs it with a Node and packages it can use.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, ensureNode, root } from './bootstrap.mjs';

await ensureNode();
ensureInstalled({ full: true });
const [program = '', ...args] = process.argv.slice(2);
const { status } = spawnSync(join(root, 'node_modules', '.bin', program), args, {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
