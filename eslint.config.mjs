import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SDK_NOUNS = ['auth', 'users', 'friends', 'rooms', 'messages', 'presence', 'files'];

/** @param {{ group?: string[], regex?: string, message: string, allowTypeImports?: boolean }[]} patterns */
const refuseImports = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });

const noClient = { group: ['./client.ts'], message: 'The client composes the parts; a part never knows the client.' };
const noSocketIo = {
  group: ['socket.io', 'socket.io/*'],
  message: 'Only realtime.ts, events.ts, cluster/ and *.events.ts know Socket.IO.',
};
const noExpress = { group: ['express', 'express/*'], message: 'Only http.ts and *.routes.ts know Express.' };

// Packages import in one direction: examples → widget → sdk → sdk/protocol ← server. The compiler refuses the rest as
// well, but not in words that help.
const direction = 'Packages import in one direction: widget → sdk → sdk/protocol ← server, console.';
const outsideOfProtocol = { regex: '^@co-talk/|^\\.\\./', message: direction };
const outsideOfSdk = { regex: '^@co-talk/|^\\.\\./(server|widget)/', message: direction };
const outsideOfWidget = { regex: '^@co-talk/server|^\\.\\./(\\.\\./)*(server|sdk)/', message: direction };
const outsideOfConsole = {
  regex: '^@co-talk/(server|widget|sdk$)|^\\.\\./(\\.\\./)*(server|sdk|widget)/',
  message: direction,
};
const outsideOfServer = {
  regex: '^@co-talk/(widget|console|sdk$)|^\\.\\./(\\.\\./)*(sdk|widget|console)/',
  message: direction,
};

export default defineConfig(
  globalIgnores(['**/node_modules', '**/dist', '**/data', '.node', '.cache', 'coverage', 'docs/api']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts', 'scripts/*.mjs', 'server/mail/pages/*.js'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          'sdk/protocol/tsconfig.json',
          'sdk/tsconfig.json',
          'sdk/node/tsconfig.json',
          'widget/tsconfig.json',
          'console/tsconfig.json',
          'server/tsconfig.json',
          'server/openapi/page/tsconfig.json',
          'tsconfig.test.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['sdk/protocol/*.ts'], rules: refuseImports(outsideOfProtocol) },
  {
    files: ['sdk/*.ts'],
    ignores: ['**/*.test.ts', 'sdk/testing*.ts'],
    rules: refuseImports(outsideOfSdk),
  },
  {
    files: ['sdk/*.ts'],
    ignores: ['sdk/index.ts', 'sdk/client.ts', '**/*.test.ts', 'sdk/testing*.ts'],
    rules: refuseImports(outsideOfSdk, noClient),
  },
  ...SDK_NOUNS.map((noun) => ({
    files: [`sdk/${noun}.ts`],
    rules: refuseImports(outsideOfSdk, noClient, {
      group: SDK_NOUNS.filter((other) => other !== noun).map((other) => `./${other}.ts`),
      message: 'A noun never knows another noun; the client wires them.',
    }),
  })),
  {
    files: ['widget/**/*.ts'],
    ignores: ['**/*.test.ts', 'widget/testing*.ts', 'widget/vitest.*.ts'],
    rules: refuseImports(outsideOfWidget),
  },
  {
    files: ['widget/components/*.ts'],
    ignores: ['**/*-view.ts', '**/*.test.ts'],
    rules: refuseImports(outsideOfWidget, {
      regex: '^@co-talk/sdk$',
      message: 'A leaf takes properties and fires events; only views use the client.',
      allowTypeImports: true,
    }),
  },
  {
    files: ['console/**/*.ts'],
    ignores: ['**/*.test.ts', 'console/testing*.ts'],
    rules: refuseImports(outsideOfConsole),
  },
  {
    files: ['server/**/*.ts'],
    ignores: ['server/config.ts', 'server/vitest.setup.ts', 'server/bench/**', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
      ],
    },
  },
  {
    files: ['server/**/*.ts'],
    ignores: [
      'server/testing*.ts',
      'server/bench/**',
      '**/*.test.ts',
      '**/*.events.ts',
      '**/*.routes.ts',
      'server/realtime.ts',
      'server/events.ts',
      'server/broadcast.ts',
      'server/parser.ts',
      'server/fast-lane.ts',
      'server/cluster/**',
      'server/http.ts',
    ],
    rules: refuseImports(outsideOfServer, noSocketIo, noExpress),
  },
  {
    files: [
      'server/**/*.events.ts',
      'server/realtime.ts',
      'server/events.ts',
      'server/broadcast.ts',
      'server/parser.ts',
      'server/fast-lane.ts',
      'server/cluster/**',
    ],
    rules: refuseImports(outsideOfServer, noExpress),
  },
  { files: ['server/**/*.routes.ts', 'server/http.ts'], rules: refuseImports(outsideOfServer, noSocketIo) },
  // Scripts of host sites run in browsers.
  { files: ['examples/**/*.mjs'], languageOptions: { globals: { URL: 'readonly', fetch: 'readonly' } } },
  { files: ['examples/**/*.js'], languageOptions: { globals: { document: 'readonly', window: 'readonly' } } },
  // The compiler knows the globals of what it checks.
  { files: ['**/*.ts', 'scripts/*.mjs', 'server/mail/pages/*.js'], rules: { 'no-undef': 'off' } },
  prettier,
);
