import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { CHROMIUM_MISSING, findChromium } from './scripts/chromium.mjs';
import { commands } from './widget/vitest.commands.ts';

// Packages find each other by their sources: tests need no build.
const conditions = ['co-talk-source', 'module', 'development|production'];
const fromSource = {
  resolve: { conditions: [...conditions, 'browser'] },
  ssr: { resolve: { conditions: [...conditions, 'node'], externalConditions: ['co-talk-source', 'node'] } },
};

const chromium = await findChromium();
if (!chromium) process.stderr.write(`widget tests are left out; ${CHROMIUM_MISSING}\n`);

const widget: TestProjectInlineConfiguration = {
  ...fromSource,
  // Known before the first test: finding them on the way would load the page anew.
  optimizeDeps: {
    include: ['axe-core', 'lit', 'lit/html.js', 'lit/directives/keyed.js', 'lit/directives/repeat.js'],
  },
  test: {
    name: 'widget',
    // Tabs, locks and stored data of a client, too, are the browser's.
    include: ['widget/**/*.test.ts', 'sdk/**/*.browser.test.ts', 'server/openapi/page/*.test.ts'],
    browser: {
      commands,
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: chromium?.executablePath, args: chromium?.args } }),
      instances: [{ browser: 'chromium', viewport: { width: 420, height: 720 } }],
    },
  },
};

export default defineConfig({
  ...fromSource,
  test: {
    reporters: ['default'],
    maxWorkers: 2,
    globalSetup: ['./server/vitest.setup.ts', './widget/vitest.setup.ts'],
    projects: [
      {
        ...fromSource,
        test: {
          name: 'sdk',
          include: ['sdk/**/*.test.ts'],
          exclude: ['sdk/**/*.browser.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'server',
          include: ['server/**/*.test.ts'],
          exclude: ['server/openapi/page/*.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      ...(chromium ? [widget] : []),
      {
        ...fromSource,
        test: { name: 'console', include: ['console/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
      },
      {
        ...fromSource,
        test: { name: 'house', include: ['scripts/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 300_000 },
      },
      {
        ...fromSource,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
