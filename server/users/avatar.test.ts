import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErasureReport, Me, Problem, User } from '@co-talk/sdk/protocol';
import { next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
let other: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  other = await startTestApp({ DATABASE_URL: app.config.databaseUrl ?? '' });
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const drawn = (width: number, height: number, background = '#3366cc') =>
  sharp({ create: { width, height, channels: 3, background } });

/** A photo with a place, a camera and a copyright in it. */
const withTraces = (photo: Sharp) =>
  photo.withExif({
    IFD0: { Make: 'TracedCamera', Copyright: 'TracedOwner' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '37/1 33/1 59/1', GPSLongitudeRef: 'E', GPSLongitude: '126/1 58/1 41/1' },
  });

async function put(
  token: string,
  body: Buffer | string,
  type: string,
): Promise<{ status: number; body: Me & Problem }> {
  const answer = await fetch(`${app.url}/api/v1/me/avatar`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: answer.status, body: (await answer.json()) as Me & Problem };
}

/** The picture of a user, from one of the servers: their public address is no part of a test. */
const get = (user: User, from = app) => fetch(`${from.url}${new URL(user.avatarUrl ?? '').pathname}`);
const read = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

async function withPicture(): Promise<RawPerson & { user: Me }> {
  const person = await app.signUpRaw();
  const { body } = await put(person.token, await drawn(300, 300).png().toBuffer(), 'image/png');
  return { ...person, user: body };
}

describe('the own picture', () => {
  test.each([
    ['JPEG', 'image/jpeg', () => withTraces(drawn(640, 480)).jpeg().toBuffer()],
    ['PNG', 'image/png', () => withTraces(drawn(640, 480)).png().toBuffer()],
    ['WebP', 'image/webp', () => withTraces(drawn(640, 480)).webp().toBuffer()],
  ])('is a square without what a %s says of its making', async (_name, type, draw) => {
    const photo = await draw();
    expect(photo.includes('TracedCamera')).toBe(true);
    const person = await app.signUpRaw();
    const { status, body } = await put(person.token, photo, type);
    expect([status, body.rev]).toEqual([200, person.user.rev + 1]);
    expect((await app.request<Me>('GET', '/me', { token: person.token })).body).toEqual(body);
    const image = await read(await get(body));
    const { format, width, height, exif, xmp, icc } = await sharp(image).metadata();
    expect([format, width, height, exif, xmp, icc]).toEqual(['webp', 256, 256, undefined, undefined, undefined]);
    expect(image.includes('Traced')).toBe(false);
  });

  test('stands upright, and has lost what was hidden behind it', async () => {
    // Red above blue, lying on its side.
    const photo = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'blue' } })
      .composite([{ input: await drawn(32, 64, 'red').png().toBuffer(), left: 0, top: 0 }])
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const person = await app.signUpRaw();
    const { body } = await put(
      person.token,
      Buffer.concat([photo, Buffer.from('<script>alert(1)</script>')]),
      'image/png',
    );
    const image = await read(await get(body));
    expect(image.includes('<script>')).toBe(false);
    const top = await sharp(image).extract({ left: 100, top: 10, width: 1, height: 1 }).raw().toBuffer();
    expect([...top].map((value) => value > 128)).toEqual([true, false, false]);
  });

  test('is served to any page by every server, and as nothing but a picture', async () => {
    const { user } = await withPicture();
    for (const server of [app, other]) {
      const answer = await get(user, server);
      expect([
        answer.status,
        ...['content-type', 'x-content-type-options', 'cross-origin-resource-policy'].map((name) =>
          answer.headers.get(name),
        ),
      ]).toEqual([200, 'image/webp', 'nosniff', 'cross-origin']);
      expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      expect(answer.headers.get('cache-control')).toBe('private, max-age=86400, immutable');
    }
    for (const path of ['/avatars/01900000-0000-7000-8000-000000000000', '/avatars/none', '/avatars/..%2f..%2fetc']) {
      expect((await fetch(app.url + path)).status).toBe(404);
    }
  });

  test('takes the place of the one before, which is gone, as is one that is removed', async () => {
    const person = await withPicture();
    const { body } = await put(person.token, await drawn(10, 900).jpeg().toBuffer(), 'image/jpeg');
    expect([(await get(person.user)).status, (await get(body)).status]).toEqual([404, 200]);
    const without = await app.request<Me>('DELETE', '/me/avatar', { token: person.token });
    expect([without.status, without.body.avatarUrl, (await get(body)).status]).toEqual([200, null, 404]);
    const again = await app.request<Me>('DELETE', '/me/avatar', { token: person.token });
    expect(again.body).toEqual(without.body);
    const rows = await app.db.fork('default').execute('select id from avatars where user_id = ?', [person.user.id]);
    expect(rows).toEqual([]);
  });

  test('is seen at once by those who have the user in a list: the old profile and the event are a fresh one', async () => {
    const { one, other: peer } = await app.pairRaw();
    const [mine, theirs] = [await app.connect(one.token), await app.connect(peer.token)];
    const heard = Promise.all([next(mine, 'me'), next<{ user: User }>(theirs, 'user')]);
    const { body } = await put(one.token, await drawn(20, 20).png().toBuffer(), 'image/png');
    const [me, { user }] = await heard;
    expect(me).toEqual({ rev: body.rev, change: 'profile', item: body });
    expect((await app.request<User>('GET', `/users/${one.user.id}`, { token: peer.token })).body).toEqual(user);
  });

  test('is uploaded and removed by the SDK', async () => {
    const { client } = await app.signUp();
    const photo = new Blob([new Uint8Array(await drawn(9, 9).png().toBuffer())], { type: 'image/png' });
    const me = await client.auth.setAvatar(photo);
    expect([(await get(me)).status, client.auth.store.get().me?.avatarUrl]).toEqual([200, me.avatarUrl]);
    await client.auth.setAvatar(null);
    expect(client.auth.store.get().me?.avatarUrl).toBeNull();
  });

  test('goes with its user', async () => {
    const person = await withPicture();
    const { body } = await app.request<ErasureReport>('DELETE', '/me', {
      token: person.token,
      body: { password: 'correct horse battery staple' },
    });
    expect([body.removed.avatars, (await get(person.user)).status]).toEqual([1, 404]);
  });

  test('of a user whom the site signs in comes from the site', async () => {
    const person = await app.signUpRaw();
    await app.db.fork('default').execute(`update users set kind = 'host' where id = ?`, [person.user.id]);
    expect((await put(person.token, await drawn(9, 9).png().toBuffer(), 'image/png')).body.code).toBe('forbidden');
    expect((await app.request<Problem>('DELETE', '/me/avatar', { token: person.token })).body.code).toBe('forbidden');
  });
});

describe('what is not taken', () => {
  let token: string;
  beforeAll(async () => {
    ({ token } = await app.signUpRaw());
  });

  const SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
  test.each<[string, string, string, () => Promise<Buffer> | Buffer]>([
    ['a page', 'unsupported_media', 'image/png', () => Buffer.from('<html><script>alert(1)</script>')],
    ['a drawing by its type', 'unsupported_media', 'image/svg+xml', () => Buffer.from(SVG)],
    ['a drawing that says it is a photo', 'unsupported_media', 'image/png', () => Buffer.from(SVG)],
    ['a film', 'unsupported_media', 'image/webp', () => drawn(9, 9).gif().toBuffer()],
    [
      'the beginning of a photo',
      'unsupported_media',
      'image/jpeg',
      async () => (await drawn(99, 99).jpeg().toBuffer()).subarray(0, 200),
    ],
    [
      'a first line and noise',
      'unsupported_media',
      'image/png',
      () => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(5_000, 7)]),
    ],
    ['nothing', 'unsupported_media', 'image/png', () => Buffer.alloc(0)],
    ['a wide one', 'too_large', 'image/png', () => drawn(4_097, 1).png().toBuffer()],
    [
      'a small file that is a huge picture',
      'too_large',
      'image/png',
      () => drawn(5_000, 5_000).png({ compressionLevel: 9, palette: true }).toBuffer(),
    ],
    ['a large file', 'too_large', 'image/jpeg', () => Buffer.alloc(262_145, 0xff)],
  ])('%s: %s', async (_name, code, type, make) => {
    const { status, body } = await put(token, await make(), type);
    expect([body.code, status]).toEqual([code, code === 'too_large' ? 413 : 415]);
    expect((await app.request<Me>('GET', '/me', { token })).body.avatarUrl).toBeNull();
  });

  test('JSON', async () => {
    expect((await put(token, '{}', 'application/json')).body.code).toBe('unsupported_media');
  });
});
