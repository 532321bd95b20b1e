import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from './testing.ts';

// Wrong files are written into a copy: a build of the real sources must never meet them.
const copy = join(root, '.cache', `arrows-${process.pid}`);
const PACKAGES = ['sdk', 'widget', 'console', 'server'];
const written: string[] = [];

beforeAll(() => {
  const isSource = (path: string) => !['node_modules', 'dist', 'data'].includes(basename(path));
  for (const name of PACKAGES) {
    cpSync(join(root, name), join(copy, name), { recursive: true, filter: isSource });
    mkdirSync(join(copy, 'node_modules', '@co-talk'), { recursive: true });
    symlinkSync(join(copy, name), join(copy, 'node_modules', '@co-talk', name), 'dir');
  }
  const configs = readdirSync(root).filter((name) => /^(tsconfig.*|package)\.json$|^eslint\.config\.mjs$/.test(name));
  for (const name of configs) cpSync(join(root, name), join(copy, name));
  node('typescript/bin/tsc', '--build', 'sdk/protocol', 'sdk');
});

afterEach(() => {
  for (const file of written.splice(0)) rmSync(join(copy, file), { force: true });
});

afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

/** Adds a file to a package for the length of a test. */
function write(folder: string, code: string): string {
  const file = `${folder}/arrow-${written.length}.ts`;
  written.push(file);
  writeFileSync(join(copy, file), `${code}\n`);
  return file;
}

function node(script: string, ...args: string[]): string {
  return spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: copy, encoding: 'utf8' })
    .stdout;
}

function compile(project: string): string {
  return node('typescript/bin/tsc', '--project', project, '--noEmit', '--pretty', 'false');
}

it.each([
  ['server', "import '@co-talk/widget';"],
  ['server', "import '../widget/index.ts';"],
  ['server', "export { createClient } from '@co-talk/sdk';"],
  ['sdk', "export * from '@co-talk/server';"],
  ['sdk', "export { loadConfig } from '../server/config.ts';"],
  ['sdk/protocol', "export { createClient } from '../index.ts';"],
  ['sdk/protocol', "export { createClient } from '@co-talk/sdk';"],
  ['widget', "export { main } from '@co-talk/server';"],
  ['widget', "export { loadConfig } from '../server/config.ts';"],
  ['console', "export { createClient } from '@co-talk/sdk';"],
  ['console', "import '../widget/index.ts';"],
  ['console', "export { loadConfig } from '../server/config.ts';"],
])('the compiler refuses to build %s with: %s', (project, code) => {
  write(project, code);
  expect(compile(project)).toMatch(/error TS\d+/);
});

const globals = (...expressions: string[]) =>
  expressions.map((expression) => `export const found: unknown = ${expression};`);

describe.each([
  {
    project: 'sdk/protocol',
    refused: globals('document', 'process', 'setTimeout', 'Buffer'),
    allowed: globals('Intl'),
  },
  {
    project: 'sdk',
    refused: globals('process.env', 'Buffer', 'require'),
    allowed: [...globals('navigator.onLine', 'localStorage'), "export { LIMITS } from './protocol/index.ts';"],
  },
  {
    project: 'widget',
    refused: globals('process.env', 'Buffer'),
    allowed: [...globals('document.title'), "export { createClient } from '@co-talk/sdk';"],
  },
  {
    project: 'server',
    refused: globals('document.title', 'window', 'HTMLElement'),
    allowed: [...globals('process.pid'), "export { LIMITS } from '@co-talk/sdk/protocol';"],
  },
])('in $project the compiler', ({ project, refused, allowed }) => {
  it('knows the globals of where it runs, and no others', () => {
    const wrong = refused.map((code) => write(project, code));
    const right = allowed.map((code) => write(project, code));
    const said = compile(project);
    for (const [index, file] of wrong.entries()) expect(said, refused[index]).toContain(`${file}(1,`);
    for (const [index, file] of right.entries()) expect(said, allowed[index]).not.toContain(file);
  });
});

it('ESLint says what is wrong with an import, between packages and inside of them', () => {
  const refused: [string, string, string][] = [
    ['sdk', '@co-talk/server', 'Packages import in one direction'],
    ['sdk', '@co-talk/widget', 'Packages import in one direction'],
    ['sdk', './client.ts', 'a part never knows the client'],
    ['sdk/protocol', '../errors.ts', 'Packages import in one direction'],
    ['server', '@co-talk/sdk', 'Packages import in one direction'],
    ['server', '../widget/index.ts', 'Packages import in one direction'],
    ['server', 'express', 'know Express'],
    ['server/rooms', 'socket.io', 'know Socket.IO'],
    ['widget', '@co-talk/server', 'Packages import in one direction'],
    ['console', '@co-talk/sdk', 'Packages import in one direction'],
    ['console/components', '../../server/config.ts', 'Packages import in one direction'],
    ['server', '@co-talk/console', 'Packages import in one direction'],
    ['widget/components', '../../server/config.ts', 'Packages import in one direction'],
    ['widget/components', '@co-talk/sdk', 'A leaf takes properties'],
  ];
  const files = refused.map(([folder, target]) => write(folder, `import '${target}';`));
  const environment = write('server', 'export const port = process.env.PORT;');
  const allowed = [
    write('server', "export { LIMITS } from '@co-talk/sdk/protocol';"),
    write('widget', "export { createClient } from '@co-talk/sdk';"),
    write('console', "export { LIMITS } from '@co-talk/sdk/protocol';"),
    write('widget/components', "export type { Client } from '@co-talk/sdk';"),
  ];

  const results = JSON.parse(node('eslint/bin/eslint.js', '--format', 'json', ...files, environment, ...allowed)) as {
    filePath: string;
    messages: { message: string }[];
  }[];
  const saidOf = (file: string) =>
    results.find(({ filePath }) => filePath.endsWith(file))?.messages.map(({ message }) => message) ?? [];

  for (const [index, file] of files.entries()) expect(saidOf(file).join()).toContain(refused[index]?.[2]);
  expect(saidOf(environment).join()).toContain('Only config.ts reads the environment');
  for (const file of allowed) expect(saidOf(file)).toEqual([]);
});
