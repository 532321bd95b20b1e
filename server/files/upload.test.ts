import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdminApp, Problem } from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { drawn, read, upload, urlOf } from '../testing-files.ts';

const OPERATOR = 'the-key-of-whoever-runs-this-server';
const dataDir = mkdtempSync(join(tmpdir(), 'co-talk-files-'));
let app: TestApp;
let person: RawPerson;
beforeAll(async () => {
  app = await startTestApp({ DATA_DIR: dataDir, OPERATOR_KEY: OPERATOR });
  person = await app.signUpRaw();
});
afterAll(async () => {
  await app.close();
  rmSync(dataDir, { recursive: true });
});

/** Every file in the data folder. */
const onDisk = () =>
  readdirSync(join(dataDir, 'files'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

/** Changes settings of the app, and changes them back. */
async function withSettings(settings: object, run: () => Promise<void>): Promise<void> {
  const patch = (body: object) =>
    app.request<AdminApp>('PATCH', '/admin/apps/default', { token: OPERATOR, body: { settings: body } });
  const { body: before } = await app.request<AdminApp>('GET', '/admin/apps/default', { token: OPERATOR });
  await patch(settings);
  await run();
  await patch(before.settings);
}

describe('an upload', () => {
  test('is kept as it came, with a name that leads nowhere', async () => {
    const { status, body } = await upload(app, person.token, 'two cups', { name: '../../etc/tea \u202eexe.txt' });
    expect([status, body]).toMatchObject([
      201,
      { kind: 'file', name: 'tea exe.txt', mime: 'application/octet-stream', size: 8, variants: [], blurhash: null },
    ]);
    const url = await urlOf(app, person.token, body.id);
    expect(String(await read(app, url?.url ?? ''))).toBe('two cups');
  });

  test('of a photo is drawn anew: upright, without place and camera, with smaller ones and a blur', async () => {
    const photo = await drawn(2_000, 1_000)
      .withExif({ IFD0: { Make: 'TracedCamera' }, IFD3: { GPSLatitude: '37/1 33/1 59/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(photo.includes('TracedCamera')).toBe(true);
    const { status, body } = await upload(app, person.token, photo, { name: 'IMG_1.JPG', type: 'image/jpeg' });
    expect([status, body]).toMatchObject([
      201,
      {
        kind: 'image',
        name: 'IMG_1.JPG',
        mime: 'image/jpeg',
        width: 1_000,
        height: 2_000,
        variants: ['small', 'large'],
      },
    ]);
    expect(body.blurhash).toMatch(/^.{20,}$/);
    const { url = '', variants } = (await urlOf(app, person.token, body.id)) ?? {};
    const kept = await read(app, url);
    expect([kept.includes('TracedCamera'), kept.length]).toEqual([false, body.size]);
    expect((await read(app, variants?.['small'] ?? '')).toString('latin1').slice(8, 12)).toBe('WEBP');
  });

  test('of a moving picture stays moving', async () => {
    const frames = Buffer.concat([Buffer.alloc(30 * 20 * 3, 20), Buffer.alloc(30 * 20 * 3, 200)]);
    const sharp = (await import('sharp')).default;
    const gif = await sharp(frames, { raw: { width: 30, height: 40, channels: 3, pageHeight: 20 } })
      .gif()
      .toBuffer();
    const { body } = await upload(app, person.token, gif, { name: 'wave.gif', type: 'image/gif' });
    expect(body).toMatchObject({ kind: 'image', name: 'wave.webp', mime: 'image/webp', width: 30, height: 20 });
  });

  test('with the same client id is the same file', async () => {
    const clientId = randomUUID();
    const both = await Promise.all([
      upload(app, person.token, 'once', { clientId }),
      upload(app, person.token, 'once', { clientId }),
    ]);
    const again = await upload(app, person.token, 'once', { clientId });
    const ids = both.flatMap(({ status, body }) => (status < 300 ? [body.id] : []));
    expect([again.status, new Set([...ids, again.body.id]).size]).toEqual([200, 1]);
    expect(both.filter(({ status }) => status >= 300).map(({ body }) => body.code)).toEqual(
      ids.length === 2 ? [] : ['overloaded'],
    );
  });

  test('of a sound has what its sender says of it', async () => {
    const wav = Buffer.concat([
      Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0', 'latin1'),
      Buffer.alloc(400),
    ]);
    const said = { name: 'voice.wav', type: 'audio/wav', durationMs: '1200', waveform: '0,50,100' };
    expect((await upload(app, person.token, wav, said)).body).toMatchObject({
      ...{ kind: 'audio', durationMs: 1_200, waveform: [0, 50, 100] },
    });
    const loud = await upload(app, person.token, wav, { ...said, waveform: '0,101' });
    expect([loud.status, loud.body.code]).toEqual([400, 'invalid_request']);
  });
});

describe('refused is', () => {
  const PROGRAM = Buffer.concat([Buffer.from('MZ\x90\0', 'latin1'), Buffer.alloc(500)]);
  const ELF = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(500)]);

  test.each<[string, Buffer | string, string]>([
    ['a program that calls itself a photo', PROGRAM, 'holiday.jpg'],
    ['a program that calls itself a text', ELF, 'notes.txt'],
    ['a program', PROGRAM, 'setup.exe'],
    ['a script that runs by its name', 'echo', 'run.bat'],
    ['a page that calls itself a picture', '<html><script>alert(1)</script>', 'cat.png'],
    ['a picture that calls itself a document', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), 'bill.pdf'],
    ['a damaged picture', Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF\0 and nothing more', 'latin1'), 'cat.jpg'],
  ])('%s', async (_what, content, name) => {
    const { status, body } = await upload(app, person.token, content, { name });
    expect([status, body.code]).toEqual([415, 'unsupported_media']);
  });

  test('a small file with a huge picture in it', async () => {
    const bomb = await drawn(9_000, 9_000).png().toBuffer();
    const { status, body } = await upload(app, person.token, bomb, { name: 'b.png' });
    expect([status, body.code]).toEqual([413, 'too_large']);
  });

  test('an empty one, and a form without one', async () => {
    expect((await upload(app, person.token, '')).body.code).toBe('invalid_request');
    const form = new FormData();
    form.set('clientId', 'x');
    const headers = { authorization: `Bearer ${person.token}` };
    const answer = await fetch(`${app.url}/api/v1/files`, { method: 'POST', headers, body: form });
    expect((await answer.json()) as Problem).toMatchObject({ code: 'invalid_request' });
  });

  test('a form with thousands of parts, or with two files', async () => {
    const headers = { authorization: `Bearer ${person.token}` };
    for (const field of ['a', 'file']) {
      const form = new FormData();
      for (let index = 0; index < 2_000; index += 1) form.append(field, new Blob(['x']), 'x.txt');
      const answer = await fetch(`${app.url}/api/v1/files`, { method: 'POST', headers, body: form });
      expect((await answer.json()) as Problem).toMatchObject({ code: 'invalid_request' });
    }
  });

  test('a body that is no form', async () => {
    for (const type of ['application/json', 'multipart/form-data', 'application/octet-stream']) {
      const { status, body } = await app.request<Problem>('POST', '/files', {
        token: person.token,
        body: '{}',
        headers: { 'content-type': type },
      });
      expect([type, status, body.code]).toEqual([type, 415, 'unsupported_media']);
    }
  });

  test('what is too large, by what comes and not by what is said', async () => {
    await withSettings({ fileBytes: 100_000 }, async () => {
      const { status, body } = await upload(app, person.token, 'x'.repeat(150_000));
      expect([status, body.code]).toEqual([413, 'too_large']);
      expect((await upload(app, person.token, 'x'.repeat(99_000))).status).toBe(201);
    });
  });

  test('10 GB that are announced, before any of it has come', async () => {
    const { code, sent } = await announce(10 * 1_073_741_824);
    expect([code, sent]).toEqual(['too_large', 0]);
  });

  test('anything in an app that takes no files', async () => {
    await withSettings({ fileBytes: 0 }, async () => {
      expect((await upload(app, person.token, 'x')).body.code).toBe('not_available');
    });
  });

  test('what does not fit into the space of a person, or of the app', async () => {
    const one = await app.signUpRaw();
    await withSettings({ fileBytesPerUser: 1_000 }, async () => {
      expect((await upload(app, one.token, 'x'.repeat(900))).status).toBe(201);
      const { status, body } = await upload(app, one.token, 'x'.repeat(200));
      expect([status, body.code]).toEqual([413, 'quota_exceeded']);
      expect((await upload(app, one.token, 'x'.repeat(100))).status).toBe(201);
    });
    await withSettings({ fileBytesPerApp: 1_000 }, async () => {
      expect((await upload(app, one.token, 'x'.repeat(200))).body.code).toBe('quota_exceeded');
    });
  });

  /** Says how much is coming, and waits for the answer. */
  function announce(bytes: number): Promise<{ code: string; sent: number }> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${person.token}`,
        'content-type': 'multipart/form-data; boundary=x',
        'content-length': String(bytes),
      };
      const asking = httpRequest(`${app.url}/api/v1/files`, { method: 'POST', headers }, (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () => {
          resolve({ code: (JSON.parse(text) as Problem).code, sent: 0 });
          asking.destroy();
        });
      });
      asking.on('error', reject);
      asking.flushHeaders();
    });
  }
});

describe('nothing is left', () => {
  test('of what ends half-way', async () => {
    const before = onDisk().length;
    const asking = httpRequest(`${app.url}/api/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.token}`, 'content-type': 'multipart/form-data; boundary=x' },
    });
    asking.on('error', () => undefined);
    asking.write('--x\r\nContent-Disposition: form-data; name="file"; filename="half.txt"\r\n\r\n');
    asking.write('x'.repeat(200_000));
    await eventually(() => onDisk().length > before);
    asking.destroy();
    await eventually(() => onDisk().length === before);
    const [row] = await app.db.orm.em.fork().execute(`select 1 from files where name = 'half.txt'`);
    expect(row).toBeUndefined();
  });

  test('of what is cut off in the middle of a form', async () => {
    const before = onDisk().length;
    const body = '--x\r\nContent-Disposition: form-data; name="file"; filename="cut.txt"\r\n\r\nabc';
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const answer = await app.request<Problem>('POST', '/files', { token: person.token, body, headers });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(onDisk().length).toBe(before);
  });
});
