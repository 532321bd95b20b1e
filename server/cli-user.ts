import { randomBytes } from 'node:crypto';
import { createApp } from './app.ts';
import { signingKeys } from './apps/keys.ts';
import { showApp } from './apps/manage.ts';
import type { By } from './audit/audit.ts';
import { signUp } from './auth/auth.ts';
import type { CliOutput, CliValues } from './cli-options.ts';
import type { Config } from './config.ts';
import type { ActionContext } from './context.ts';
import { showUser } from './site/site-users.ts';
import { createUserToken } from './token.ts';
import { disableUser } from './users/disable.ts';
import { eraseUser } from './users/erase.ts';
import { withDatabase } from './main.ts';

/** What a command does for one app; `word` is the user's id, or the site's id of a user. Returns what is shown. */
type Command = (ctx: ActionContext, word: string, values: CliValues, config: Config) => Promise<unknown>;

const by: By = { kind: 'operator', id: 'command line' };

const COMMANDS: Record<string, Command> = {
  create: async (ctx, _word, { email = '', nickname = '', password }) => {
    const made = password ?? randomBytes(12).toString('base64url');
    const { user } = await signUp(ctx, { app: ctx.appId, email, nickname, password: made }, null, 'en');
    return {
      id: user.id,
      email: user.email,
      nickname: user.nickname,
      ...(password === undefined ? { password: made } : {}),
    };
  },
  token: async (ctx, word, { nickname = word }, config) => {
    const [key] = (await signingKeys(ctx.db, config, ctx.appId)).flatMap(({ kid, secret }) =>
      secret ? [{ kid, secret }] : [],
    );
    if (!key) {
      throw new Error(
        `unable to sign a token; the app has no signing key; make one: co-talk app create-key ${ctx.appId} --kind signing`,
      );
    }
    return { userToken: createUserToken({ id: word, nickname }, { app: ctx.appId, key: key.secret, keyId: key.kid }) };
  },
  disable: async (ctx, word) => {
    await disableUser(ctx, word, true, by);
    return showUser(ctx, word);
  },
  enable: async (ctx, word) => {
    await disableUser(ctx, word, false, by);
    return showUser(ctx, word);
  },
  erase: (ctx, word, { yes }) => {
    if (yes !== true)
      throw new Error('unable to erase the user; nothing of them could be brought back; add --yes to do it');
    return eraseUser(ctx, word, by);
  },
};

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `co-talk user …`. @returns the exit code */
export async function runUser([name = '', ...words]: string[], values: CliValues, out: CliOutput): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return out.refuse(`there is no command "user ${name}"`);
  const [word = '', ...more] = words;
  if (more.length > 0 || (name === 'create') !== (word === ''))
    return out.refuse(`user ${name} takes other words; see co-talk user --help`);
  if (name !== 'create' && name !== 'token' && !ID.test(word)) return out.refuse(`"${word}" is not the id of a user`);
  await withDatabase(async (db, log, config) => {
    const { id } = await showApp(db, values.app ?? 'default');
    const app = await createApp(config, log, db);
    try {
      const ctx = app.context(id);
      const result = await command(ctx, word, values, config);
      ctx.flush();
      out.print(values.json === true ? `${JSON.stringify(result, null, 2)}\n` : describe(result));
    } finally {
      await app.close();
    }
  });
  return Number(process.exitCode ?? 0);
}

/** For people: a line for each thing that is known. */
function describe(result: unknown): string {
  return Object.entries(result as object)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
    .join('');
}
