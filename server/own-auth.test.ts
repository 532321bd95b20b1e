import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, memoryStorage } from '@co-talk/sdk';
import { eventually, startTestApp, type TestApp } from './testing.ts';
import { createHostSite } from './testing-host.ts';

const example = fileURLToPath(new URL('../examples/own-auth/', import.meta.url));

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** Starts the example, as its one command does, but from source. */
async function startSite(env: Record<string, string>): Promise<{ url: string; end: () => Promise<void> }> {
  const flags = ['--conditions=co-talk-source', '--experimental-strip-types', '--no-warnings'];
  const child: ChildProcess = spawn(process.execPath, [...flags, 'server.mjs'], {
    cwd: example,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: '', CO_TALK_URL: app.url, PORT: '0', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const ended = once(child, 'close');
  const url = await eventually(() => {
    if (child.exitCode !== null) throw new Error(output);
    return /http:\/\/localhost:\d+/.exec(output)?.[0];
  });
  return {
    url,
    end: async () => {
      child.kill();
      await ended;
    },
  };
}

/** A browser on the site: it keeps the site's cookie. */
function visitor(url: string) {
  let cookie = '';
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return answer;
  };
  const client = createClient({
    server: app.url,
    app: 'default',
    storage: memoryStorage(),
    tokenProvider: async () => {
      const answer = await ask('/chat-token');
      return answer.status === 401 ? null : answer.text();
    },
  });
  return { ask, client, signIn: (name: string) => ask('/sign-in', { name, password: 'spray' }) };
}

test('members of the club are in the chat once they are signed in to the club, and talk', async () => {
  const { key } = await createHostSite(app);
  const site = await startSite({ CO_TALK_KEY: key.secret });
  const [one, two] = [visitor(site.url), visitor(site.url)];
  try {
    await eventually(() => one.client.auth.store.get().status === 'signed-out');
    expect((await one.ask('/sign-in', { name: 'Mira Oduya', password: 'wrong' })).status).toBe(401);
    expect(await one.client.auth.identify()).toBeNull();
    expect((await one.signIn('Mira Oduya')).status).toBe(200);
    const mira = await one.client.auth.identify();
    expect(mira).toMatchObject({ kind: 'host', nickname: 'Mira Oduya' });
    await two.signIn('Jonas Vik');
    const jonas = await two.client.auth.identify();
    const room = await one.client.rooms.openDirect(jonas?.id ?? '');
    await one.client.messages.room(room.id).send('Two seats are free on Tuesday');
    await eventually(() => two.client.rooms.store.get().rooms.some(({ lastMessage }) => lastMessage !== null));
    await one.ask('/sign-out');
    expect(await one.client.auth.identify()).toBeNull();
    await one.signIn('Yuna Seo');
    expect(await one.client.auth.identify()).toMatchObject({ nickname: 'Yuna Seo' });
    const page = await (await fetch(site.url)).text();
    expect(page).toContain(`${app.url}/co-talk.js`);
  } finally {
    one.client.close();
    two.client.close();
    await site.end();
  }
});

test('beside a server whose operator key it has, the club makes its key itself, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'co-talk-club-'));
  const env = {
    OPERATOR_KEY: app.config.operatorKey ?? '',
    CO_TALK_KEY: '',
    KEY_FILE: join(folder, 'data', 'key.json'),
  };
  const keys = async () =>
    (
      await app.request<{ items: { name: string }[] }>('GET', '/admin/apps/default/keys', { token: env.OPERATOR_KEY })
    ).body.items.filter(({ name }) => name === 'examples/own-auth').length;
  try {
    for (const _start of [1, 2]) {
      const site = await startSite(env);
      const mira = visitor(site.url);
      await mira.signIn('Mira Oduya');
      expect(await mira.client.auth.identify()).toMatchObject({ nickname: 'Mira Oduya' });
      mira.client.close();
      await site.end();
      expect(await keys()).toBe(1);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
