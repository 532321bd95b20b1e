import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { endAllRuns, findFreePorts, root, run } from './testing.ts';

const PACKAGES = ['sdk', 'widget', 'server'];
const folder = mkdtempSync(join(tmpdir(), 'co-talk-pack-'));
const project = join(folder, 'project');
const tarballs = new Map<string, string>();

const CONSUMER = `
import { createClient, CoTalkError, type Client } from '@co-talk/sdk';
import type { Message, Room } from '@co-talk/sdk/protocol';
import '@co-talk/widget';

const client: Client = createClient({ server: 'https://chat.example.com', app: 'default' });

export async function send(room: Room, text: string): Promise<Message | string> {
  try {
    return await client.messages.room(room.id).send(text);
  } catch (error) {
    if (error instanceof CoTalkError) return error.code;
    throw error;
  }
}

export const element: HTMLElement = document.createElement('co-talk');
`;

const SITE = `
import { createUserToken, type SiteUser } from '@co-talk/server/token';

export const tokenFor = (user: SiteUser): string => createUserToken(user, { app: 'default', key: 'uk_secret' });
`;

beforeAll(async () => {
  await ensureBuilt();
  mkdirSync(project);
  for (const name of PACKAGES) {
    const args = ['pack', '--silent', '--workspace', name, '--pack-destination', folder];
    const [file = ''] = execFileSync('npm', args, { cwd: root, encoding: 'utf8' }).trim().split('\n');
    tarballs.set(name, join(folder, file));
  }
  writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline', ...tarballs.values()];
  execFileSync('npm', args, { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] });
});

afterAll(async () => {
  await endAllRuns();
  rmSync(folder, { recursive: true, force: true });
});

function node(code: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: project, encoding: 'utf8' });
}

it('imports in Node, where there is no page', () => {
  expect(node("import { createClient } from '@co-talk/sdk'; console.log(typeof createClient);")).toBe('function\n');
  expect(node("import { LIMITS } from '@co-talk/sdk/protocol'; console.log(LIMITS.messageLength);")).toBe('1000\n');
  expect(node("await import('@co-talk/widget'); console.log(typeof document);")).toBe('undefined\n');
  expect(node("import { main } from '@co-talk/server'; console.log(typeof main);")).toBe('function\n');
});

it('signs user tokens on a site’s own server, and loads nothing else for it', () => {
  // As the package is, with none of what it depends on beside it.
  const alone = join(folder, 'alone', 'node_modules', '@co-talk', 'server');
  cpSync(join(project, 'node_modules', '@co-talk', 'server'), alone, { recursive: true });
  const code = `const { createUserToken } = require('@co-talk/server/token');
    console.log(createUserToken({ id: 1, nickname: 'Ada' }, { app: 'default', key: 'uk_secret' }));`;
  const token = execFileSync(process.execPath, ['-e', code], { cwd: join(folder, 'alone'), encoding: 'utf8' });
  expect(token.split('.')).toHaveLength(3);
});

it('runs in a page from one file', () => {
  const file = join(project, 'node_modules', '@co-talk', 'sdk', 'dist', 'co-talk-sdk.iife.js');
  const page = { URL, TextEncoder, setTimeout };
  expect(runInNewContext(`${readFileSync(file, 'utf8')}\ntypeof CoTalk.createClient;`, page)).toBe('function');
});

it.each([
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])('type-checks in a strict project with module %s', (module, moduleResolution) => {
  writeFileSync(join(project, 'consumer.ts'), CONSUMER);
  writeFileSync(join(project, 'site.ts'), SITE);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'ES2022',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    types: [],
    module,
    moduleResolution,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts', 'site.ts'] }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '--pretty', 'false'], { cwd: project, encoding: 'utf8' });
  expect(stdout).toBe('');
});

it('bundles for browsers, and leaves out the widget where only the SDK is used', async () => {
  const bundle = async (contents: string) => {
    const result = await build({
      stdin: { contents, resolveDir: project, loader: 'ts' },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      logLevel: 'silent',
    });
    expect(result.warnings).toEqual([]);
    return result.outputFiles[0]?.text ?? '';
  };
  expect(await bundle(CONSUMER)).toContain('co-talk');
  const sdkOnly = await bundle("import { createClient } from '@co-talk/sdk'; createClient({ server: '', app: '' });");
  expect(sdkOnly).not.toContain('customElements');
});

it('starts a server from an empty folder', async () => {
  const port = await findFreePorts();
  const server = run('npx', ['--no-install', 'co-talk', 'start'], { PORT: String(port) }, project);
  await server.saying(/Co-Talk is running/);
  expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);
  expect(await (await fetch(`http://localhost:${port}/co-talk.js`)).text()).toContain('./assets/');
  expect(await (await fetch(`http://localhost:${port + 1}/`)).text()).toContain(`http://localhost:${port}/co-talk.js`);
  expect(readdirSync(join(project, 'data'))).toContain('postgres');
});

describe.each(PACKAGES)('%s', (name) => {
  const extracted = join(project, 'node_modules', '@co-talk', name);

  it('carries what it needs and nothing else', () => {
    const files = readdirSync(extracted, { recursive: true, encoding: 'utf8' });
    expect(files).toContain('LICENSE');
    expect(files.filter((file) => /\.test\.|testing|bench|tsbuildinfo|^data|\.env$/.test(file))).toEqual([]);
  });

  it('is clean for publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: extracted, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('is clean for "are the types wrong"', () => {
    const attw = join(root, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');
    // Files for script tags have no types.
    const scripts = ['--exclude-entrypoints', './iife', './co-talk.js'];
    const args = [attw, String(tarballs.get(name)), '--profile', 'esm-only', '--format', 'ascii', ...scripts];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect(status, stdout + stderr).toBe(0);
  });
});
