import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAssets } from './assets.ts';
import { VERSION } from './version.ts';

const folder = mkdtempSync(join(tmpdir(), 'co-talk-assets-'));
const LOADER = 'import("./assets/widget-abc.js");';
const WIDGET = `customElements.define("co-talk",class extends HTMLElement{});${'//'.padEnd(2000, 'x')}`;
const PAGE = '<!doctype html><link rel="stylesheet" href="api.css"><script type="module" src="api.js"></script>';
let server: Server;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  for (const [name, code] of [
    ['co-talk.js', LOADER],
    ['assets/widget-abc.js', WIDGET],
  ] as const) {
    writeFileSync(join(folder, name), code);
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(code));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(code));
  }
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'docs/api.html'), PAGE);
  writeFileSync(join(folder, 'docs/api.css'), 'h1{}');
  writeFileSync(join(folder, 'docs/api.js'), LOADER);
  writeFileSync(join(folder, 'notes.txt'), 'not for browsers');
  const assets = createAssets(folder);
  server = createServer((req, res) => {
    assets(req, res, () => res.writeHead(418).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

async function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ port, path, headers, method }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        resolve({ status: res.statusCode, headers: res.headers, body: Buffer.concat(chunks) });
      });
    })
      .on('error', reject)
      .end();
  });
}

it('serves the loader to any origin, cached for a short time', async () => {
  const { status, headers, body } = await get('/co-talk.js');
  expect(status).toBe(200);
  expect(body.toString()).toBe(LOADER);
  expect(headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'public, max-age=60',
    vary: 'Accept-Encoding',
  });
});

it.each([`/co-talk@${VERSION}.js`, '/assets/widget-abc.js'])('serves %s for ever', async (path) => {
  const { status, headers } = await get(path);
  expect(status).toBe(200);
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

it("serves a page that loads nothing from anywhere else, and is in nobody's frame", async () => {
  const { status, headers, body } = await get('/docs/api');
  expect([status, headers['content-type'], body.toString()]).toEqual([200, 'text/html; charset=utf-8', PAGE]);
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|http|\*/);
  expect((await get('/docs/api.css')).headers['content-type']).toBe('text/css; charset=utf-8');
  // Its parts always match the server.
  expect((await get('/docs/api.js')).headers['cache-control']).toBe('public, max-age=60');
});

it('leaves other paths and methods to others', async () => {
  for (const path of [
    '/',
    '/co-talk@0.0.0-other.js',
    '/assets/',
    '/assets/nothing.js',
    '/notes.txt',
    '/co-talk.js.br',
  ]) {
    expect((await get(path)).status, path).toBe(418);
  }
  expect((await get('/assets/../../package.json')).status).toBe(418);
  expect((await get('/co-talk.js', {}, 'POST')).status).toBe(418);
});

it('ignores what stands behind a question mark', async () => {
  expect((await get('/co-talk.js?v=1')).status).toBe(200);
});

it('sends the smallest form the client understands', async () => {
  const both = await get('/assets/widget-abc.js', { 'accept-encoding': 'gzip, deflate, br' });
  expect(both.headers['content-encoding']).toBe('br');
  expect(brotliDecompressSync(both.body).toString()).toBe(WIDGET);
  expect(both.body.length).toBeLessThan(WIDGET.length);

  const gzip = await get('/assets/widget-abc.js', { 'accept-encoding': 'gzip' });
  expect(gzip.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(gzip.body).toString()).toBe(WIDGET);

  const refused = await get('/assets/widget-abc.js', { 'accept-encoding': 'br;q=0, gzip;q=0.0' });
  expect(refused.headers['content-encoding']).toBeUndefined();
  expect(refused.body.toString()).toBe(WIDGET);
});

it('answers that nothing has changed when nothing has', async () => {
  const first = await get('/co-talk.js', { 'accept-encoding': 'br' });
  const etag = String(first.headers.etag);
  const again = await get('/co-talk.js', { 'accept-encoding': 'br', 'if-none-match': `"old", W/${etag}` });
  expect(again.status).toBe(304);
  expect(again.body).toHaveLength(0);
  expect((await get('/co-talk.js', { 'if-none-match': etag })).status).toBe(200);
});

it('answers HEAD without a body', async () => {
  const { status, headers, body } = await get('/co-talk.js', {}, 'HEAD');
  expect(status).toBe(200);
  expect(headers['content-length']).toBe(String(LOADER.length));
  expect(body).toHaveLength(0);
});
