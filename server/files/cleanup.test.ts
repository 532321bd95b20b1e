import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErasureReport, Id, UserExport } from '@co-talk/sdk/protocol';
import { purgeApps } from '../apps/purge.ts';
import { findInDatabase } from '../testing-erase.ts';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { drawn, read, sendFiles, upload, urlOf } from '../testing-files.ts';
import { createStorage } from './storage.ts';

const OPERATOR = 'the-key-of-whoever-runs-this-server';

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.each(['a folder', 'a bucket'])('in %s', (where) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'co-talk-files-'));
  const bucketDir = mkdtempSync(join(tmpdir(), 'co-talk-bucket-'));
  let app: TestApp;
  let s3: S3rver | undefined;
  beforeAll(async () => {
    const env: Record<string, string> = { DATA_DIR: dataDir, OPERATOR_KEY: OPERATOR };
    if (where === 'a bucket') {
      const port = await freePort();
      const address = { port, address: '127.0.0.1', silent: true };
      s3 = new S3rver({ ...address, directory: bucketDir, configureBuckets: [{ name: 'files', configs: [] }] });
      await s3.run();
      env['S3_URL'] = `http://S3RVER:S3RVER@127.0.0.1:${String(port)}/files?region=us-east-1`;
    }
    app = await startTestApp(env, { filesEveryMs: 50 });
  });
  afterAll(async () => {
    await app.close();
    await s3?.close();
    for (const folder of [dataDir, bucketDir]) rmSync(folder, { recursive: true });
  });

  /** What the storage has of a file. */
  const stored = (id: Id) =>
    readdirSync(where === 'a bucket' ? bucketDir : dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.includes(id))
      .map(({ name }) => name);
  const isGone = async (id: Id) =>
    stored(id).length === 0 &&
    (await app.db.orm.em.fork().execute('select 1 from files where id = ?', [id])).length === 0;
  const age = (id: Id) =>
    app.db.orm.em.fork().execute(`update files set expires_at = now() - interval '1 second' where id = ?`, [id]);
  const photo = async (from: RawPerson): Promise<Id> =>
    (await upload(app, from.token, await drawn(900, 600).png().toBuffer(), { name: 'planted-name.png' })).body.id;

  test('files are read whole and in parts', async () => {
    const one = await app.signUpRaw();
    const long = Buffer.alloc(9_000_000, 'abcdefghi');
    const { body } = await upload(app, one.token, long, { name: 'long.txt' });
    const { url = '' } = (await urlOf(app, one.token, body.id)) ?? {};
    const whole = await read(app, url);
    expect(Buffer.isBuffer(whole) && whole.equals(long)).toBe(true);
    expect(String(await read(app, url, { range: 'bytes=8999991-' }))).toBe('abcdefghi');
  });

  test('what no message has after its time goes, and what one has stays', async () => {
    const { one, roomId } = await app.pairRaw();
    const [orphan, used] = [await photo(one), await photo(one)];
    await sendFiles(app, one.token, roomId, [used]);
    expect([stored(orphan).length > 0, stored(used).length > 0]).toEqual([true, true]);
    await age(orphan);
    await age(used);
    await eventually(() => isGone(orphan));
    await eventually(async () => {
      const [row] = await app.db.orm.em.fork().execute('select expires_at from files where id = ?', [used]);
      return (row as { expires_at: unknown }).expires_at === null;
    });
    expect(Buffer.isBuffer(await read(app, (await urlOf(app, one.token, used))?.url ?? ''))).toBe(true);
  });

  test('what a deleted message had goes', async () => {
    const { one, roomId } = await app.pairRaw();
    const id = await photo(one);
    const { body } = await sendFiles(app, one.token, roomId, [id]);
    await app.request('DELETE', `/admin/apps/default/rooms/${roomId}/messages/${body.id}`, { token: OPERATOR });
    await eventually(() => isGone(id));
  });

  test('a person’s export names their files, and with the person they go', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const [sent, unsent] = [await photo(one), await photo(one)];
    await sendFiles(app, one.token, roomId, [sent]);
    const exported = await app.request<UserExport>('GET', '/me/export', { token: one.token });
    expect(exported.body.files.map(({ id, name }) => [id, name]).sort()).toEqual(
      [sent, unsent].sort().map((id) => [id, 'planted-name.png']),
    );
    expect(exported.body.messages).toMatchObject([{ type: 'image', text: '', attachmentIds: [sent] }]);
    const held = (await urlOf(app, other.token, sent))?.url ?? '';
    const path = `/admin/apps/default/users/${one.user.id}`;
    const { body } = await app.request<ErasureReport>('DELETE', path, { token: OPERATOR });
    expect(body.finishedAt).not.toBeNull();
    expect([await isGone(sent), await isGone(unsent), await read(app, held)]).toEqual([true, true, 'not_found']);
    expect(await findInDatabase(app, [sent, unsent])).toEqual([]);
  });

  test('a removed app takes its files along', async () => {
    const em = app.db.orm.em.fork();
    await em.execute("insert into apps (id, name, origins, no_origin) values ('closing', 'Closing', '{}', true)");
    const one = await app.signUpRaw('closer', 'closing');
    const id = await photo(one);
    expect(stored(id).length).toBeGreaterThan(0);
    await em.execute("update apps set removed_at = now() - interval '1 hour' where id = 'closing'");
    await purgeApps(app.db, createStorage(app.config));
    expect(await isGone(id)).toBe(true);
  });
});
