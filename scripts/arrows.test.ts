import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const written: string[] = [];

afterEach(() => {
  for (const file of written.splice(0)) rmSync(file, { force: true });
});

/** What the compiler says to one more file in a package. */
function compile(project: string, code: string): string {
  const file = join(root, project, `arrow-${String(process.pid)}.ts`);
  written.push(file);
  writeFileSync(file, code);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '--project', project, '--noEmit', '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
  });
  // Other files may be in the middle of an edit; this test is about the one it has written.
  return stdout
    .split('\n')
    .filter((line) => line.includes(`arrow-${String(process.pid)}.ts`) || /TS(6059|6307|2878)/.test(line))
    .join('\n');
}

describe('packages import in one direction only', () => {
  it.each([
    ['server', '@co-talk/widget', "import '@co-talk/widget';"],
    ['server', '../widget', "import '../widget/index.ts';"],
    ['server', '@co-talk/sdk', "export { createClient } from '@co-talk/sdk';"],
    ['sdk', '@co-talk/server', "export * from '@co-talk/server';"],
    ['sdk', '../server', "export { loadConfig } from '../server/config.ts';"],
    ['sdk', '@co-talk/widget', "import '@co-talk/widget';"],
    ['sdk/protocol', 'sdk', "export { createClient } from '../index.ts';"],
    ['sdk/protocol', '@co-talk/sdk', "export { createClient } from '@co-talk/sdk';"],
    ['widget', '../server', "export { loadConfig } from '../server/config.ts';"],
  ])('%s may not import %s', (project, _target, code) => {
    expect(compile(project, code)).toMatch(/error TS(6059|6307|2307|2878|2882)/);
  });

  it.each([
    ['server', "export { LIMITS } from '@co-talk/sdk/protocol';"],
    ['sdk', "export { LIMITS } from './protocol/index.ts';"],
    ['widget', "export { createClient } from '@co-talk/sdk';"],
  ])('%s may import what stands below it', (project, code) => {
    expect(compile(project, code)).toBe('');
  });
});

describe('packages use the globals of where they run only', () => {
  it.each([
    ['server', 'document.title'],
    ['server', 'window'],
    ['sdk', 'process.env'],
    ['sdk', 'Buffer'],
    ['sdk/protocol', 'document'],
    ['sdk/protocol', 'process'],
    ['sdk/protocol', 'setTimeout'],
    ['widget', 'process.env'],
  ])('%s does not know %s', (project, expression) => {
    expect(compile(project, `export const found: unknown = ${expression};`)).toMatch(/error TS(2304|2580|2584|2591)/);
  });

  it.each([
    ['server', 'process.pid'],
    ['sdk', 'navigator.onLine'],
    ['widget', 'document.title'],
  ])('%s knows %s', (project, expression) => {
    expect(compile(project, `export const found: unknown = ${expression};`)).toBe('');
  });
});
