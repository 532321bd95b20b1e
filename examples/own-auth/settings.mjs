import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const KEY_FILE = process.env.KEY_FILE ?? here('./data/key.json');

/**
 * What the site needs to know: from the environment or, beside a Co-Talk that was started with `npm start`, found out with its
 * operator key, which makes the site a signing secret once.
 */
export async function readSettings({ env } = process) {
  const coTalk = (env.CO_TALK_URL ?? 'http://localhost:3000').replace(/\/+$/, '');
  const app = env.CO_TALK_APP ?? 'default';
  const { key, keyId } = env.CO_TALK_KEY
    ? { key: env.CO_TALK_KEY, keyId: env.CO_TALK_KEY_ID }
    : await findKey(coTalk, app);
  return { coTalk, app, key, keyId, port: Number(env.PORT ?? 3002) };
}

async function findKey(coTalk, app) {
  const operatorKey = process.env.OPERATOR_KEY ?? read(here('../../data/operator-key'))?.trim();
  if (!operatorKey) {
    throw new Error(
      `unable to start; there is no CO_TALK_KEY; make one with: npx co-talk app create-key ${app} --kind signing`,
    );
  }
  const keys = async (init) => {
    const headers = { Authorization: `Bearer ${operatorKey}`, 'Content-Type': 'application/json' };
    const answer = await fetch(`${coTalk}/api/v1/admin/apps/${app}/keys`, { headers, ...init });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail);
    return body;
  };
  const known = JSON.parse(read(KEY_FILE) ?? '{}');
  const { items } = await keys();
  if (items.some(({ id }) => id === known.keyId)) return known;
  const made = await keys({ method: 'POST', body: JSON.stringify({ kind: 'signing', name: 'examples/own-auth' }) });
  const own = { key: made.secret, keyId: made.id };
  mkdirSync(dirname(KEY_FILE), { recursive: true });
  writeFileSync(KEY_FILE, JSON.stringify(own), { mode: 0o600 });
  return own;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
