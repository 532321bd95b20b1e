#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { APP_HELP, OPTIONS, USER_HELP } from './cli-options.ts';
import { VERSION } from './version.ts';

const HELP = `Usage: co-talk <command>

Commands
  start      start the server, on an embedded PostgreSQL in ./data unless DATABASE_URL is set
  migrate    bring the database up to date and end
  app        list, make and change the apps, their origins and keys: co-talk app --help
  user       open accounts, shut people out, erase them: co-talk user --help
  restored   after a backup of the database was put back: make all clients start anew, and sign everybody out

Options
  --help     show this
  --version  show the version

Settings come from the environment and from the file .env of the working folder:
PORT, HOST, PUBLIC_URL, DATABASE_URL, REDIS_URL, DATA_DIR, SECRET and more; see the documentation.
`;

process.exitCode = await run(process.argv.slice(2));

async function run(args: string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
        ...OPTIONS,
      },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const [command = 'start', ...rest] = positionals;
  if (values.help) return print(command === 'app' ? APP_HELP : command === 'user' ? USER_HELP : HELP);
  if (values.version) return print(`${VERSION}\n`);
  if (!['app', 'user'].includes(command) && rest.length > 0) return refuse(`"${rest.join(' ')}" is too much`);
  if (!isNodeNewEnough()) return refuse(`Node ${process.versions.node} is too old; Node 22.17 or newer is needed`);

  // Loaded only now: an old Node could not even read them.
  const { main, withDatabase } = await import('./main.ts');
  switch (command) {
    case 'start':
      await main();
      return Number(process.exitCode ?? 0);
    case 'migrate':
      await withDatabase((_db, log) => {
        log.info('the database is up to date');
        return Promise.resolve();
      });
      return 0;
    case 'restored': {
      const { markRestored } = await import('./restored.ts');
      await withDatabase(markRestored);
      return 0;
    }
    case 'app':
      return (await import('./cli-app.ts')).runApp(rest, values, { print, refuse });
    case 'user':
      return (await import('./cli-user.ts')).runUser(rest, values, { print, refuse });
    default:
      return refuse(`there is no command "${command}"`);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function refuse(why: string): number {
  process.stderr.write(`unable to run; ${why}; see co-talk --help\n`);
  return 1;
}

function isNodeNewEnough(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 17);
}
