import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdminApp, AppConfig, AppKey, CreatedKey, Page, Problem, SignedIn } from '@co-talk/sdk/protocol';
import { createUserToken } from '../token.ts';
import { eventually, startTestApp, type TestApp } from '../testing.ts';
import { holdKey } from './keys.ts';
import { updateApp } from './manage.ts';
import { createStorage } from '../files/storage.ts';
import { purgeApps } from './purge.ts';

const OPERATOR = 'the-key-of-whoever-runs-this-server';

let app: TestApp;
let node: TestApp;
beforeAll(async () => {
  app = await startTestApp({ OPERATOR_KEY: OPERATOR });
  node = await startTestApp({ OPERATOR_KEY: OPERATOR, DATABASE_URL: app.config.databaseUrl ?? '' });
});
afterAll(async () => {
  await node.close();
  await app.close();
});

const ask = <T = unknown>(method: string, path: string, body?: unknown, token = OPERATOR) =>
  app.request<T & Problem>(method, `/admin${path}`, { token, ...(body === undefined ? {} : { body }) });

async function createApp(settings: object = {}): Promise<AdminApp> {
  const { status, body } = await ask<AdminApp>('POST', '/apps', { name: 'Shop', noOrigin: true, ...settings });
  expect([status, body.detail]).toEqual([201, undefined]);
  return body;
}

async function createKey(appId: string, kind: string, more: object = {}): Promise<CreatedKey> {
  const { status, body } = await ask<CreatedKey>('POST', `/apps/${appId}/keys`, { kind, name: 'site', ...more });
  expect([status, body.detail]).toEqual([201, undefined]);
  return body;
}

describe('an app', () => {
  test('begins with accounts and nothing else, and changes what is named', async () => {
    const { body } = await ask<AdminApp>('POST', '/apps', { name: ' Kettles & Co. ' });
    expect(body).toMatchObject({
      ...{ name: 'Kettles & Co.', origins: [], noOrigin: false, loopback: false, jwksUrl: null },
      ...{ accounts: true, guests: false, hostUsers: false },
      settings: {
        ...{ emailSearch: 'partial', guestRetentionDays: 30, requireVerifiedEmail: false, messageLength: null },
        editWindowMinutes: 15,
        ...{ fileBytes: 26_214_400, fileBytesPerUser: 1_073_741_824, fileBytesPerApp: 53_687_091_200 },
      },
    });
    expect(body.id).toMatch(/^app_[0-9a-f]{16}$/);
    const changed = await ask<AdminApp>('PATCH', `/apps/${body.id}`, {
      guests: true,
      settings: { guestRetentionDays: 7 },
    });
    expect(changed.body).toEqual({ ...body, guests: true, settings: { ...body.settings, guestRetentionDays: 7 } });
    const config = await app.request<AppConfig>('GET', `/apps/${body.id}/config`, {
      headers: { origin: app.config.publicUrl },
    });
    expect(config.body.signIn).toMatchObject({ accounts: true, guests: true, host: false });
  });

  test('takes pages of its origins only, at once where it was changed and soon on other nodes', async () => {
    const { id } = await createApp({ noOrigin: false, origins: ['https://shop.example', 'https://*.shop.example'] });
    const allowed = async (at: TestApp, origin?: string) =>
      (await at.request('GET', `/apps/${id}/config`, { headers: origin === undefined ? {} : { origin } })).status ===
      200;
    const wanted: [string | undefined, boolean][] = [
      ['https://shop.example', true],
      ['https://a.b.shop.example', true],
      ['https://shop.example:8443', false],
      ['http://shop.example', false],
      ['https://shop.example.evil.example', false],
      ['https://evilshop.example', false],
      ['https://SHOP.example', false],
      ['null', false],
      [undefined, false],
    ];
    for (const [origin, expected] of wanted) expect([origin, await allowed(app, origin)]).toEqual([origin, expected]);
    expect(await allowed(node, 'https://new.example')).toBe(false);
    await ask('PATCH', `/apps/${id}`, { origins: ['https://new.example'] });
    expect([await allowed(app, 'https://new.example'), await allowed(app, 'https://shop.example')]).toEqual([
      true,
      false,
    ]);
    await eventually(() => allowed(node, 'https://new.example'), 2_500);
  });

  test('tells the developer of a page that may not use it what to add where', async () => {
    const { id } = await createApp({ noOrigin: false });
    const origin = 'https://forgotten.example';
    const { status, body } = await app.request<Problem>('GET', `/apps/${id}/config`, { headers: { origin } });
    expect([status, body.code]).toEqual([403, 'origin_not_allowed']);
    expect(body.detail).toContain(`npx co-talk app update ${id} --add-origin ${origin}`);
    const odd = await app.request<Problem>('GET', `/apps/${id}/config`, {
      headers: { origin: 'https://x"; rm -rf /' },
    });
    expect(odd.body.detail).not.toContain('rm -rf');
  });

  test.each<[string, object, string]>([
    ['an origin with a path', { origins: ['https://shop.example/chat'] }, 'origins'],
    ['an origin without a scheme', { origins: ['shop.example'] }, 'origins'],
    ['every origin', { origins: ['*'] }, 'origins'],
    ['every origin of a scheme', { origins: ['https://*'] }, 'origins'],
    ['a star in the middle', { origins: ['https://a.*.example'] }, 'origins'],
    ['keys at a private address', { jwksUrl: 'https://10.0.0.1/jwks' }, 'jwksUrl'],
    ['keys in a file', { jwksUrl: 'file:///etc/passwd' }, 'jwksUrl'],
    ['a foreign setting', { settings: { admin: true } }, 'settings.admin'],
    ['no retention', { settings: { guestRetentionDays: 0 } }, 'settings.guestRetentionDays'],
    ['keys nowhere', { jwksUrl: '' }, 'jwksUrl'],
    ['keys where no database can look', { jwksUrl: 'https://shop.example/\0' }, 'jwksUrl'],
    ['its own id', { id: 'another' }, 'id'],
    ['loopback for everybody', { loopback: true }, 'loopback'],
  ])('is not changed to %s', async (_name, change, path) => {
    const answer = await ask('PATCH', '/apps/default', change);
    expect([answer.body.code, answer.body.errors?.[0]?.path]).toEqual(['invalid_request', path]);
  });

  test('is changed by two at once, each in what they name', async () => {
    const { id } = await createApp();
    const patch = (settings: object) => ask('PATCH', `/apps/${id}`, { settings });
    for (let days = 1; days <= 10; days += 1) {
      await Promise.all([patch({ guestRetentionDays: days }), patch({ messageLength: days })]);
      const { body } = await ask<AdminApp>('GET', `/apps/${id}`);
      expect(body.settings).toMatchObject({ guestRetentionDays: days, messageLength: days });
    }
  });

  test.each(['', ' ', 'x'.repeat(101)])('has a name, whoever gives it: %j', async (name) => {
    const by = { kind: 'operator', id: 'command line' } as const;
    await expect(updateApp(app.db, app.config, by, 'default', { name })).rejects.toThrow('name: must have');
  });

  test('may let people write less at once', async () => {
    const { id } = await createApp({ settings: { messageLength: 10 } });
    const [one, other] = [await app.signUpRaw(undefined, id), await app.signUpRaw(undefined, id)];
    const room = await app.request<{ id: string }>('POST', '/rooms', {
      token: one.token,
      body: { type: 'direct', userId: other.user.id },
    });
    const send = (text: string) =>
      app.request('POST', `/rooms/${room.body.id}/messages`, {
        token: one.token,
        body: { clientId: randomUUID(), text },
      });
    expect([(await send('0123456789')).status, (await send('0123456789!')).status]).toEqual([201, 400]);
  });

  test('that is removed shuts everybody out on every node within two seconds, and leaves nothing', async () => {
    const { id } = await createApp();
    const key = await createKey(id, 'secret');
    const person = await app.signUpRaw('Planted Name', id);
    const [here, there] = [await app.connect(person.token), await node.connect(person.token)];
    const started = performance.now();
    expect((await ask('DELETE', `/apps/${id}`)).status).toBe(204);
    await eventually(() => !here.connected && !there.connected);
    expect(performance.now() - started).toBeLessThan(2_000);
    const codes = [
      await app.request<Problem>('GET', '/me', { token: person.token }),
      await app.request<Problem>('POST', '/auth/refresh', { body: { refreshToken: person.refreshToken } }),
      await ask('GET', `/apps/${id}`, undefined, key.secret ?? ''),
      await ask('GET', `/apps/${id}`),
    ].map(({ body }) => body.code);
    expect(codes).toEqual(['session_ended', 'session_ended', 'unauthenticated', 'app_unknown']);
    await purgeApps(app.db, createStorage(app.config));
    for (const table of app.db.tables.filter((name) => name !== 'audit_log')) {
      const { rows } = await app.db.ownPool.query(`select from ${table} where app_id = $1`, [id]);
      expect([table, rows.length]).toEqual([table, 0]);
    }
    expect((await ask('POST', '/apps', { id, name: 'Again' })).body.code).toBe('conflict');
    expect((await ask('DELETE', '/apps/%00')).body.code).toBe('app_unknown');
  });

  test('that is removed leaves nothing of what was under way at that moment, either', async () => {
    const { id } = await createApp();
    await ask('DELETE', `/apps/${id}`);
    await purgeApps(app.db, createStorage(app.config));
    const late = `insert into users (id, app_id, kind, nickname, nickname_key, created_at) values ($1, $2, 'guest', 'Late', 'late', now())`;
    await app.db.ownPool.query(late, [randomUUID(), id]);
    await purgeApps(app.db, createStorage(app.config));
    expect((await app.db.ownPool.query('select from users where app_id = $1', [id])).rows).toHaveLength(0);
  });
});

describe('keys', () => {
  test('are shown once, and kept in a form that is worth nothing to whoever has the database', async () => {
    const { id } = await createApp();
    const made = [await createKey(id, 'secret'), await createKey(id, 'signing')];
    const { body } = await ask<Page<AppKey>>('GET', `/apps/${id}/keys`);
    expect(body.items.map((key) => key.id).sort()).toEqual(made.map((key) => key.id).sort());
    const { rows } = await app.db.ownPool.query<{ all: string }>(
      'select json_agg(k)::text as all from app_keys k where app_id = $1',
      [id],
    );
    for (const { secret } of made) {
      expect(secret).toMatch(/^[su]k_[\w-]{43}$/);
      expect(JSON.stringify(body)).not.toContain(secret?.slice(3));
      expect(rows[0]?.all).not.toContain(secret?.slice(3));
    }
  });

  test('that were replaced hold for the time that was said, and not longer', async () => {
    const { id } = await createApp();
    const old = await createKey(id, 'secret');
    const works = async (secret: string | null) =>
      (await ask('GET', `/apps/${id}`, undefined, secret ?? '')).status === 200;
    const next = await ask<CreatedKey>('POST', `/apps/${id}/keys/${old.id}/rotate`, { overlapHours: 1 });
    expect([await works(old.secret), await works(next.body.secret)]).toEqual([true, true]);
    await app.db.ownPool.query("update app_keys set expires_at = now() - interval '1 second' where id = $1", [old.id]);
    expect([await works(old.secret), await works(next.body.secret)]).toEqual([false, true]);
    await ask('DELETE', `/apps/${id}/keys/${next.body.id}`);
    expect(await works(next.body.secret)).toBe(false);
  });

  test('that are revoked take along the sessions that they vouched for, with their sockets on every node', async () => {
    const { id } = await createApp({ hostUsers: true });
    const [leaked, kept] = [await createKey(id, 'signing'), await createKey(id, 'signing')];
    const enter = async (key: CreatedKey, sub: string) => {
      const userToken = createUserToken({ id: sub, nickname: sub }, { app: id, key: key.secret ?? '', keyId: key.id });
      return app.request<SignedIn & Problem>('POST', '/auth/exchange', { body: { app: id, userToken } });
    };
    const [thief, friend] = [(await enter(leaked, 'thief')).body, (await enter(kept, 'friend')).body];
    const sockets = [await app.connect(thief.session.accessToken), await node.connect(thief.session.accessToken)];
    const other = await node.connect(friend.session.accessToken);
    const started = performance.now();
    await ask('DELETE', `/apps/${id}/keys/${leaked.id}`);
    await eventually(() => sockets.every((socket) => !socket.connected));
    expect(performance.now() - started).toBeLessThan(2_000);
    await sleep(300);
    expect(other.connected).toBe(true);
    expect((await enter(leaked, 'thief')).body.code).toBe('unauthenticated');
    expect((await enter(kept, 'friend')).status).toBe(200);
  });

  test('that are replaced at once do not vouch for somebody who was on the way in, either', async () => {
    const { id } = await createApp();
    const old = await createKey(id, 'signing');
    const em = app.db.fork(id);
    const holds = await em.transactional(async (tx) => {
      await tx.execute('select now()');
      await ask('POST', `/apps/${id}/keys/${old.id}/rotate`, { overlapHours: 0 });
      return holdKey(tx, id, old.id);
    });
    expect(holds).toBe(false);
  });

  test('that are revoked after a whole town came in by them close all of it as fast', async () => {
    const { id } = await createApp({ hostUsers: true });
    const key = await createKey(id, 'signing');
    const userToken = createUserToken({ id: 'one', nickname: 'One' }, { app: id, key: key.secret ?? '' });
    const { body } = await app.request<SignedIn>('POST', '/auth/exchange', { body: { app: id, userToken } });
    await app.db.ownPool.query(
      `insert into sessions (id, app_id, user_id, key_id, created_at, last_used_at, expires_at)
       select gen_random_uuid(), $1, $2, $3, now(), now(), now() + interval '7 days' from generate_series(1, 5000)`,
      [id, body.user.id, key.id],
    );
    const socket = await node.connect(body.session.accessToken);
    const started = performance.now();
    await ask('DELETE', `/apps/${id}/keys/${key.id}`);
    await eventually(() => !socket.connected);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test.each<[string, object]>([
    ['a private key', { kind: 'public', publicKey: '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----' }],
    ['no key at all', { kind: 'public', publicKey: 'hello' }],
    ['a public key that is missing', { kind: 'public' }],
    ['a public key that nobody asked for', { kind: 'secret', publicKey: 'x' }],
    ['an unknown kind', { kind: 'master' }],
  ])('are not made of %s', async (_name, body) => {
    const answer = await ask('POST', '/apps/default/keys', { name: 'x', ...body });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });

  test('are limited in number', async () => {
    const { id } = await createApp();
    for (let count = 0; count < 20; count += 1) await createKey(id, 'signing');
    expect((await ask('POST', `/apps/${id}/keys`, { kind: 'signing', name: 'x' })).body.code).toBe('invalid_request');
    const { items } = (await ask<Page<AppKey>>('GET', `/apps/${id}/keys`)).body;
    const rotate = (overlapHours: number) =>
      ask('POST', `/apps/${id}/keys/${items[0]?.id ?? ''}/rotate`, { overlapHours });
    expect((await rotate(1)).body.code).toBe('invalid_request');
    expect((await rotate(0)).status).toBe(201);
  });

  test('that are to end do not live longer by being replaced once more', async () => {
    const { id } = await createApp();
    const old = await createKey(id, 'secret');
    const endOf = async (overlapHours: number) => {
      await ask('POST', `/apps/${id}/keys/${old.id}/rotate`, { overlapHours });
      const { items } = (await ask<Page<AppKey>>('GET', `/apps/${id}/keys`)).body;
      return items.find((key) => key.id === old.id)?.expiresAt;
    };
    const end = await endOf(1);
    expect(typeof end).toBe('string');
    expect(await endOf(720)).toBe(end);
  });
});
