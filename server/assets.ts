import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from './version.ts';

/** Answers requests for what browsers load and calls `next` for all others. Fits Express and plain Node servers. */
export type AssetsHandler = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

type Encoding = 'br' | 'gzip' | 'identity';

interface Asset {
  cacheControl: string;
  contentType: string;
  bodies: Map<Encoding, { body: Buffer; etag: string }>;
}

const LOADER = 'co-talk.js';
const SHORT = 'public, max-age=60';
const IMMUTABLE = 'public, max-age=31536000, immutable';
const SUFFIXES: [Encoding, string][] = [
  ['br', '.br'],
  ['gzip', '.gz'],
  ['identity', ''],
];

/** What the build has put next to the compiled server. */
const builtDir = ['./public/', './dist/public/']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

/**
 * Serves the widget to any page: `/co-talk.js`, cached for a minute so that it always matches the server;
 * `/co-talk@<version>.js` and `/assets/*`, which never change. Everything is read into memory once.
 */
export function createAssets(publicDir: string | undefined = builtDir): AssetsHandler {
  const assets = publicDir === undefined ? new Map<string, Asset>() : readAssets(publicDir);
  return (req, res, next) => {
    const path = req.url?.split('?')[0] ?? '';
    const asset = req.method === 'GET' || req.method === 'HEAD' ? assets.get(path) : undefined;
    if (asset) answer(req, res, asset);
    else next();
  };
}

export function mountAssets(app: { use: (handler: AssetsHandler) => unknown }): void {
  app.use(createAssets());
}

function readAssets(publicDir: string): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(publicDir, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const path = `/${name.replaceAll('\\', '/')}`;
    assets.set(path, readAsset(publicDir, name, name === LOADER ? SHORT : IMMUTABLE));
  }
  if (assets.has(`/${LOADER}`)) assets.set(`/co-talk@${VERSION}.js`, readAsset(publicDir, LOADER, IMMUTABLE));
  return assets;
}

function readAsset(publicDir: string, name: string, cacheControl: string): Asset {
  const bodies: Asset['bodies'] = new Map();
  for (const [encoding, suffix] of SUFFIXES) {
    const file = join(publicDir, name + suffix);
    if (!existsSync(file)) continue;
    const body = readFileSync(file);
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
    bodies.set(encoding, { body, etag: `"${hash}"` });
  }
  return { cacheControl, contentType: 'text/javascript; charset=utf-8', bodies };
}

function answer(req: IncomingMessage, res: ServerResponse, asset: Asset): void {
  const accepted = acceptedEncodings(req.headers['accept-encoding'] ?? '');
  const [encoding, found] = [...asset.bodies].find(([name]) => accepted.has(name)) ?? [];
  if (!encoding || !found) {
    res.writeHead(406).end();
    return;
  }
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Cache-Control', asset.cacheControl);
  res.setHeader('Vary', 'Accept-Encoding');
  res.setHeader('ETag', found.etag);
  if (req.headers['if-none-match']?.split(/\s*,\s*/).some((tag) => tag === found.etag || tag === `W/${found.etag}`)) {
    res.writeHead(304).end();
    return;
  }
  if (encoding !== 'identity') res.setHeader('Content-Encoding', encoding);
  res.setHeader('Content-Type', asset.contentType);
  res.setHeader('Content-Length', found.body.length);
  res.writeHead(200).end(req.method === 'HEAD' ? undefined : found.body);
}

/** Plain content is acceptable unless the client says otherwise. */
function acceptedEncodings(header: string): Set<string> {
  const accepted = new Set(['identity']);
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    if (parameters.some((text) => /^q=0(\.0*)?$/.test(text))) accepted.delete(name);
    else accepted.add(name);
  }
  return accepted;
}
