import { Client as Pg } from 'pg';
import type { BrowserCommand } from 'vitest/node';
import { startProxy, type Proxy } from '../sdk/testing.ts';

/** How the line behaves from now on. */
export interface LineState {
  /** All connections break, and no new one comes about. */
  down?: boolean;
  /** Answers to requests with this in their first line wait; `null` lets them go on. */
  hold?: string | null;
  /** What the server says is lost on the connections that are open. */
  deaf?: true;
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Asks or changes the server's database; resolves to the rows. */
    query: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
    /** A line of one's own to the server that can be made to fail; resolves to the address of its near end. */
    openLine: () => Promise<string>;
    setLine: (line: string, state: LineState) => Promise<void>;
    /** `METHOD /path` of every request that came over a line. */
    requestsOn: (line: string) => Promise<string[]>;
    closeLine: (line: string) => Promise<void>;
    /** Presses or releases the mouse where it is. */
    mouse: (action: 'down' | 'up') => Promise<void>;
  }
}

const lines = new Map<string, Proxy>();

function lineAt(url: string): Proxy {
  const line = lines.get(url);
  if (!line) throw new Error(`unable to use the line ${url}; it is not open`);
  return line;
}

const query: BrowserCommand<[sql: string, values?: unknown[]]> = async ({ project }, sql, values = []) => {
  const pg = new Pg({ connectionString: project.getProvidedContext().serverDatabaseUrl });
  await pg.connect();
  try {
    return (await pg.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await pg.end();
  }
};

const openLine: BrowserCommand = async ({ project }) => {
  const line = await startProxy(project.getProvidedContext().serverUrl);
  lines.set(line.url, line);
  return line.url;
};

const setLine: BrowserCommand<[line: string, state: LineState]> = (_, url, { down, hold, deaf }) => {
  const line = lineAt(url);
  if (hold !== undefined) line.hold(hold);
  if (deaf) line.deafen();
  if (down === undefined) return;
  line.refuse(down);
  if (down) line.cut();
};

const requestsOn: BrowserCommand<[line: string]> = (_, url) => lineAt(url).requests;

const closeLine: BrowserCommand<[line: string]> = async (_, url) => {
  await lineAt(url).close();
  lines.delete(url);
};

const mouse: BrowserCommand<[action: 'down' | 'up']> = ({ page }, action) => page.mouse[action]();

/** What pages of the tests can have done outside of the browser. */
export const commands = { query, openLine, setLine, requestsOn, closeLine, mouse };
