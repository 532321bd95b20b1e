import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root } from './testing.ts';

// Wrong files exist for the compiler and for ESLint only: a build of the real sources must never meet them.
interface Arrow {
  file: string;
  code: string;
}

const arrow = (folder: string, code: string, index = 0): Arrow => ({ file: `${folder}/arrow-${index}.ts`, code });

/** Parsed once: most of a program is the same from one test to the next. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** A package as its own tsconfig.json has it, with wrong files in place of its own. */
function programOf(project: string, arrows: Arrow[]): ts.Program {
  const system = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const config = ts.getParsedCommandLineOfConfigFile(join(root, project, 'tsconfig.json'), { noEmit: true }, system);
  if (!config) throw new Error(`${project} has no tsconfig.json`);
  const { options, projectReferences } = config;
  const added = new Map(arrows.map(({ file, code }) => [join(root, file), `${code}\n`]));
  const base = ts.createCompilerHost(options);
  const host: ts.CompilerHost & { useSourceOfProjectReferenceRedirect: () => boolean } = {
    ...base,
    // As in an editor: needs no build of the packages that it may use.
    useSourceOfProjectReferenceRedirect: () => true,
    fileExists: (file) => added.has(file) || base.fileExists(file),
    readFile: (file) => added.get(file) ?? base.readFile(file),
    getSourceFile: (file, target, ...rest) => {
      const code = added.get(file);
      if (code !== undefined) return ts.createSourceFile(file, code, target);
      const key = `${project} ${file} ${JSON.stringify(target)}`;
      if (!parsed.has(key)) parsed.set(key, base.getSourceFile(file, target, ...rest));
      return parsed.get(key);
    },
  };
  const rootNames = [...added.keys()];
  return ts.createProgram({ rootNames, options, ...(projectReferences ? { projectReferences } : {}), host });
}

/** What a build says about an arrow, or about the foreign sources that it has dragged in. */
function refusals(project: string, code: string): readonly ts.Diagnostic[] {
  const program = programOf(project, [arrow(project, code)]);
  const general = program.getOptionsDiagnostics();
  if (general.length > 0) return general;
  // The packages that it may use are built on their own.
  const references = program.getResolvedProjectReferences() ?? [];
  const known = new Set(references.flatMap((reference) => reference?.commandLine.fileNames ?? []));
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || known.has(file.fileName)) continue;
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    if (found.length > 0) return found;
  }
  return [];
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
  expect(refusals(project, code)).not.toEqual([]);
});

it('the compiler lets packages use what they may', () => {
  expect(refusals('widget', "export { createClient } from '@co-talk/sdk';")).toEqual([]);
  expect(refusals('server', "export { LIMITS } from '@co-talk/sdk/protocol';")).toEqual([]);
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
    const all = [...refused, ...allowed].map((code, index) => arrow(project, code, index));
    const program = programOf(project, all);
    expect(program.getOptionsDiagnostics()).toEqual([]);
    for (const [index, { file, code }] of all.entries()) {
      const found = program.getSemanticDiagnostics(program.getSourceFile(join(root, file)));
      expect(found.length > 0, code).toBe(index < refused.length);
    }
  });
});

it('ESLint says what is wrong with an import, between packages and inside of them', async () => {
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
  const allowed: [string, string][] = [
    ['server', "export { LIMITS } from '@co-talk/sdk/protocol';"],
    ['widget', "export { createClient } from '@co-talk/sdk';"],
    ['console', "export { LIMITS } from '@co-talk/sdk/protocol';"],
    ['widget/components', "export type { Client } from '@co-talk/sdk';"],
  ];
  // Rules about types need a file on disk, and are none of those that are looked at here.
  const eslint = new ESLint({ cwd: root, overrideConfig: tseslint.configs.disableTypeChecked });
  const saidOf = async (folder: string, code: string): Promise<string> => {
    const [result] = await eslint.lintText(`${code}\n`, { filePath: join(root, folder, 'arrow.ts') });
    return (result?.messages ?? []).map(({ message }) => message).join();
  };

  for (const [folder, target, said] of refused) {
    expect(await saidOf(folder, `import '${target}';`), `${folder}: ${target}`).toContain(said);
  }
  const environment = await saidOf('server', 'export const port = process.env.PORT;');
  expect(environment).toContain('Only config.ts reads the environment');
  for (const [folder, code] of allowed) expect(await saidOf(folder, code), `${folder}: ${code}`).toBe('');
});
