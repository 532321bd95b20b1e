import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { expect } from 'vitest';
import { CHROMIUM_MISSING, findChromium } from '../scripts/chromium.mjs';
import { endAllRuns } from '../scripts/testing.ts';
import { Person } from './person.ts';
import { startServer, type TestServer } from './server.ts';

/** A server, a browser, and the people of one story. */
export interface Stage {
  server: TestServer;
  browser: Browser;
  /** Where the server keeps its data. */
  dataDir: string;
  /** Two people who are friends, each with the other's room on screen. `prepare` comes before their pages load. */
  pair(one: string, other: string, prepare?: (context: BrowserContext) => Promise<unknown>): Promise<[Person, Person]>;
  close(): Promise<void>;
}

export async function setStage(env: NodeJS.ProcessEnv = {}): Promise<Stage> {
  const found = await findChromium();
  if (!found) throw new Error(CHROMIUM_MISSING);
  const dataDir = mkdtempSync(join(tmpdir(), 'co-talk-e2e-'));
  const [server, browser] = await Promise.all([
    startServer(dataDir, env),
    chromium.launch({ executablePath: found.executablePath, args: found.args }),
  ]);
  return {
    server,
    browser,
    dataDir,
    async pair(...[oneName, otherName, prepare]) {
      const [one, other] = await Promise.all(
        [oneName, otherName].map(async (name) => {
          const person = await Person.arrive(browser, server.siteUrl, name, prepare);
          await person.join();
          return person;
        }),
      );
      if (!one || !other) throw new Error('nobody came');
      await one.befriend(other);
      await Promise.all([one.enter(otherName), other.enter(oneName)]);
      return [one, other];
    },
    async close() {
      await browser.close();
      await endAllRuns();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** All of them have exactly these messages on screen, in this order; what is further up is not on it. */
export async function expectSame(people: readonly Person[], texts: readonly string[]): Promise<void> {
  const last = texts.slice(-12);
  for (const person of people) {
    const seen = async () => (await person.messages()).slice(-last.length);
    await expect.poll(seen, { timeout: 20_000, message: `${person.nickname} sees` }).toEqual(last);
  }
}
