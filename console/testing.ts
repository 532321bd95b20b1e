import type Axe from 'axe-core';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { CHROMIUM_MISSING, findChromium } from '../scripts/chromium.mjs';
import { findFreePorts, root } from '../scripts/testing.ts';
import { startTestApp, type TestApp } from '../server/testing.ts';

const BUILT = join(root, 'server', 'dist', 'public', 'console', 'index.html');

export const OPERATOR = 'the-key-of-whoever-runs-this-server';

/** The server with the built console, and a browser to look at it with. */
export interface Stage {
  app: TestApp;
  url: string;
  /** A page of its own, and what its console has complained about: security policies, errors, failed requests. */
  open: (options?: BrowserContextOptions) => Promise<{ page: Page; complaints: string[] }>;
  /** The same, signed in, at a part of the console. */
  enter: (hash?: string, options?: BrowserContextOptions) => Promise<{ page: Page; complaints: string[] }>;
  /** With the operator key, from outside of any browser. */
  ask: <T = unknown>(method: string, path: string, body?: unknown) => Promise<T>;
  close: () => Promise<void>;
}

export async function setStage(): Promise<Stage> {
  if (!existsSync(BUILT)) throw new Error('unable to look at the console; it is not built; run: npm run build');
  const found = await findChromium();
  if (!found) throw new Error(CHROMIUM_MISSING);
  const port = String(await findFreePorts());
  const url = `http://127.0.0.1:${port}`;
  const app = await startTestApp({ OPERATOR_KEY: OPERATOR, PORT: port, PUBLIC_URL: url });
  const browser: Browser = await chromium.launch({ executablePath: found.executablePath, args: found.args });
  const open: Stage['open'] = async (options = {}) => {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 860 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${app.url}/console/`);
    return { page, complaints };
  };
  return {
    app,
    url: app.url,
    open,
    enter: async (hash = '#/', options = {}) => {
      const opened = await open(options);
      await signIn(opened.page);
      // That nobody was signed in, the browser has noted.
      opened.complaints.length = 0;
      if (hash !== '#/') await opened.page.goto(`${app.url}/console/${hash}`);
      return opened;
    },
    ask: async <T>(method: string, path: string, body?: unknown) => {
      const answer = await app.request<T>(method, `/admin${path}`, {
        token: OPERATOR,
        ...(body === undefined ? {} : { body }),
      });
      if (answer.status >= 400) throw new Error(`${method} ${path} answers ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    close: async () => {
      await browser.close();
      await app.close();
    },
  };
}

export async function signIn(page: Page, key = OPERATOR): Promise<void> {
  await page.getByLabel('Operator key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Sections' }).waitFor();
}

export const button = (page: Page | Locator, name: string): Locator => page.getByRole('button', { name, exact: true });

const servers: Server[] = [];

/** A server of somebody else. @returns its origin */
export async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** Ends all of them. */
export function endServers(): void {
  for (const server of servers.splice(0)) server.close();
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with what is on the page: one line each. */
export async function problems(page: Page): Promise<string[]> {
  // Not as a script of the page, which its policy refuses.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof Axe };
    // The preview is the chat's own business, and tested there.
    const { violations } = await axe.run({ exclude: ['iframe'] }, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
  });
}
