import type { AdminApp, AppKey, CreatedKey, UpdateApp } from '@co-talk/sdk/protocol';
import { createKey, listKeys, revokeKey, rotateKey } from './apps/keys.ts';
import { createApp, listApps, removeApp, showApp, updateApp } from './apps/manage.ts';
import { purgeApps } from './apps/purge.ts';
import type { By } from './audit/audit.ts';
import type { CliOutput, CliValues } from './cli-options.ts';
import type { Config } from './config.ts';
import { createStorage } from './files/storage.ts';
import { withDatabase } from './main.ts';
import type { Database } from './orm.ts';

/** What a command takes: how many words after its name, and what it does with them. Returns what is shown. */
interface Command {
  words: [least: number, most: number];
  run: (db: Database, config: Config, words: string[], values: CliValues) => Promise<unknown>;
}

/** Whoever can run this has the database. */
const by: By = { kind: 'operator', id: 'command line' };
const OVERLAP_HOURS = 24;

const keeper = (db: Database, config: Config, appId: string) => ({ em: db.fork(appId), appId, config });

const COMMANDS: Record<string, Command> = {
  list: { words: [0, 0], run: (db) => listApps(db) },
  show: {
    words: [1, 1],
    run: async (db, config, [id = '']) => ({
      ...(await showApp(db, id)),
      keys: (await listKeys(keeper(db, config, id))).items,
    }),
  },
  create: {
    words: [0, 1],
    run: (db, config, [id], values) => {
      if (values.name === undefined) throw new Error('unable to make the app; it needs a --name');
      return createApp(db, config, by, {
        name: values.name,
        ...readChanges(values, []),
        ...(id === undefined ? {} : { id }),
      });
    },
  },
  update: {
    words: [1, 1],
    run: async (db, config, [id = ''], values) => {
      const { origins } = await showApp(db, id);
      return updateApp(db, config, by, id, readChanges(values, origins));
    },
  },
  'create-key': {
    words: [1, 1],
    run: async (db, config, [id = ''], { kind = '', name = 'command line' }) => {
      if (kind !== 'secret' && kind !== 'signing')
        throw new Error('unable to make the key; --kind is secret or signing');
      if (name.trim() === '' || name.length > 100)
        throw new Error('unable to make the key; --name has 1 to 100 characters');
      await showApp(db, id);
      return createKey(keeper(db, config, id), by, { kind, name });
    },
  },
  'rotate-key': {
    words: [2, 2],
    run: (db, config, [id = '', key = ''], { overlap = String(OVERLAP_HOURS) }) => {
      const overlapHours = Number(overlap);
      // Nothing, which would count as 0, is not what somebody means who says so.
      if (!/^\d{1,3}$/.test(overlap) || overlapHours > 720)
        throw new Error('unable to change the key; --overlap is a number of hours from 0 to 720');
      return rotateKey(keeper(db, config, id), by, key, { overlapHours });
    },
  },
  'revoke-key': {
    words: [2, 2],
    run: (db, config, [id = '', key = '']) => revokeKey(keeper(db, config, id), by, key),
  },
  remove: {
    words: [1, 1],
    run: async (db, config, [id = ''], { yes }) => {
      if (yes !== true)
        throw new Error(`unable to remove "${id}"; everything in it would be deleted; add --yes to do it`);
      await removeApp(db, by, id);
      await purgeApps(db, createStorage(config));
    },
  },
};

/** `co-talk app …`. @returns the exit code */
export async function runApp([name = 'list', ...words]: string[], values: CliValues, out: CliOutput): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return out.refuse(`there is no command "app ${name}"`);
  const [least, most] = command.words;
  if (words.length < least || words.length > most)
    return out.refuse(`app ${name} takes other words; see co-talk app --help`);
  await withDatabase(async (db, _log, config) => {
    const result = await command.run(db, config, words, values);
    out.print(values.json === true ? `${JSON.stringify(result ?? null, null, 2)}\n` : describe(result));
  });
  return Number(process.exitCode ?? 0);
}

function readChanges(values: CliValues, before: string[]): UpdateApp {
  const add = values['add-origin'] ?? [];
  const remove = values['remove-origin'] ?? [];
  const origins = [...(values.origin ?? before), ...add].filter((origin) => !remove.includes(origin));
  const touched = values.origin ?? values['add-origin'] ?? values['remove-origin'];
  return {
    ...(values.name === undefined ? {} : { name: values.name }),
    ...(touched === undefined ? {} : { origins }),
    ...toggle('noOrigin', 'no-origin', values['no-origin']),
    ...toggle('accounts', 'accounts', values.accounts),
    ...toggle('guests', 'guests', values.guests),
    ...toggle('hostUsers', 'host-users', values['host-users']),
    ...(values['jwks-url'] === undefined ? {} : { jwksUrl: values['jwks-url'] || null }),
  };
}

function toggle(field: keyof UpdateApp, option: string, value: string | undefined): UpdateApp {
  if (value === undefined) return {};
  if (value !== 'on' && value !== 'off') throw new Error(`unable to set up the app; --${option} is on or off`);
  return { [field]: value === 'on' };
}

/** For people. */
function describe(result: unknown): string {
  if (Array.isArray(result)) return result.map((app) => lineOf(app as AdminApp)).join('');
  if (typeof result !== 'object' || result === null) return 'done\n';
  if ('secret' in result) return describeKey(result as CreatedKey);
  const { keys, ...app } = result as AdminApp & { keys?: AppKey[] };
  return lineOf(app) + (keys ?? []).map((key) => `  key ${key.id}  ${key.kind}  ${key.name}\n`).join('');
}

function lineOf(app: AdminApp): string {
  const pages = [
    ...app.origins,
    ...(app.loopback ? ['any loopback origin'] : []),
    ...(app.noOrigin ? ['clients without origin'] : []),
  ];
  const people = [
    ...(app.accounts ? ['accounts'] : []),
    ...(app.guests ? ['guests'] : []),
    ...(app.hostUsers ? ['users of the site'] : []),
  ];
  return `${app.id}  ${pages.join(' ') || 'no origin'}  (${people.join(', ') || 'nobody'})\n`;
}

const describeKey = ({ id, kind, secret }: CreatedKey): string =>
  secret === null
    ? `key ${id}  ${kind}\n`
    : `key ${id}  ${kind}\n${secret}\nThis is shown once: keep it on your server.\n`;
