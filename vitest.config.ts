import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { CHROMIUM_MISSING, findChromium } from './scripts/chromium.mjs';
import { LongestFirst } from './vitest.sequencer.ts';
import { commands } from './widget/vitest.commands.ts';

// Packages find each other by their sources: tests need no build.
const conditions = ['co-talk-source', 'module', 'development|production'];
const fromSource = {
  resolve: { conditions: [...conditions, 'browser'] },
  ssr: { resolve: { conditions: [...conditions, 'node'], externalConditions: ['co-talk-source', 'node'] } },
};

// A test that is waited for longer than on a quiet machine costs nothing; one that fails is to be a bug.
const patient = { testTimeout: 60_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } };
// Groups, one after the other. In the first, pages keep the processor busy; in the second, most tests wait for something most of
// the time, and more of them run at once than there are processors; those of the third have a server and browsers each.
const busy = { maxWorkers: 2, sequence: { groupOrder: 1 } };
const waiting = { maxWorkers: 4, sequence: { groupOrder: 2 } };
const alone = { maxWorkers: 1, sequence: { groupOrder: 3 } };

const chromium = await findChromium();
if (!chromium) process.stderr.write(`widget tests are left out; ${CHROMIUM_MISSING}\n`);

const widget: TestProjectInlineConfiguration = {
  ...fromSource,
  // Known before the first test: finding them on the way would load the page anew.
  optimizeDeps: {
    include: ['axe-core', 'blurhash', 'lit', 'lit/html.js', 'lit/directives/keyed.js', 'lit/directives/repeat.js'],
  },
  test: {
    ...patient,
    ...busy,
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
    sequence: { sequencer: LongestFirst },
    globalSetup: ['./server/vitest.setup.ts', './widget/vitest.setup.ts'],
    projects: [
      {
        ...fromSource,
        test: {
          ...patient,
          ...busy,
          name: 'sdk',
          include: ['sdk/**/*.test.ts'],
          exclude: ['sdk/**/*.browser.test.ts'],
          // No test changes what another one has loaded: it is loaded once.
          isolate: false,
        },
      },
      {
        ...fromSource,
        test: {
          ...patient,
          ...waiting,
          name: 'server',
          include: ['server/**/*.test.ts'],
          exclude: ['server/openapi/page/*.test.ts'],
          isolate: false,
        },
      },
      ...(chromium ? [widget] : []),
      {
        ...fromSource,
        test: {
          ...patient,
          ...busy,
          name: 'console',
          include: ['console/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        ...fromSource,
        test: {
          ...patient,
          ...waiting,
          name: 'house',
          include: ['scripts/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        ...fromSource,
        test: { ...patient, ...alone, name: 'e2e', include: ['e2e/**/*.test.ts'], testTimeout: 120_000 },
      },
    ],
  },
});
