import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { VERSION } from './version.ts';

/** Answers requests for what browsers load and calls `next` for all others. Fits Express and plain Node servers. */
export type AssetsHandler = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

type Encoding = 'br' | 'gzip' | 'identity';

/** Something that browsers load, in all the forms that they take. */
export interface Asset {
  cacheControl: string;
  contentType: string;
  /** Only pages have one. */
  contentSecurityPolicy?: string;
  bodies: Map<Encoding, { body: Buffer; etag: string }>;
}

const LOADER = 'co-talk.js';
const TYPES: Partial<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
};
/** For pages of this server: nothing of anybody else's, nothing inline, in nobody's frame. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** The pages of the console. What runs in them cannot make code of text, and its preview of the chat is framed by the console. */
const CONSOLE_POLICY = `${PAGE_POLICY}; frame-src 'self'; require-trusted-types-for 'script'`;
const PREVIEW_POLICY = CONSOLE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
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
 * `/co-talk@<version>.js` and `/assets/*`, which never change; and pages, `/docs/api` for `docs/api.html`, `/console/` for the console. Everything is read into
 * memory once.
 */
export function createAssets(publicDir: string | undefined = builtDir): AssetsHandler {
  const assets = publicDir === undefined ? new Map<string, Asset>() : readAssets(publicDir);
  return (req, res, next) => {
    const path = req.url?.split('?')[0] ?? '';
    const asset = req.method === 'GET' || req.method === 'HEAD' ? assets.get(path) : undefined;
    if (asset) sendAsset(req, res, asset);
    else next();
  };
}

export function mountAssets(app: { use: (handler: AssetsHandler) => unknown }): void {
  app.use(createAssets());
}

function readAssets(publicDir: string): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const file of readdirSync(publicDir, { recursive: true, encoding: 'utf8' })) {
    const name = file.replaceAll('\\', '/');
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const asset = readAsset(publicDir, name, type, name.startsWith('assets/') ? IMMUTABLE : SHORT);
    if (name.startsWith('console/')) addConsolePage(assets, name, asset);
    else if (name.endsWith('.html')) {
      assets.set(`/${name.slice(0, -5)}`, { ...asset, contentSecurityPolicy: PAGE_POLICY });
    } else assets.set(`/${name}`, asset);
    if (name === LOADER) assets.set(`/co-talk@${VERSION}.js`, { ...asset, cacheControl: IMMUTABLE });
  }
  return assets;
}

function addConsolePage(assets: Map<string, Asset>, name: string, asset: Asset): void {
  const isPreview = name === 'console/preview.html';
  const page: Asset = {
    ...asset,
    // It always fits the server that it asks.
    cacheControl: 'no-cache',
    contentSecurityPolicy: isPreview ? PREVIEW_POLICY : CONSOLE_POLICY,
  };
  for (const path of isPreview ? ['/console/preview'] : ['/console', '/console/']) assets.set(path, page);
}

function readAsset(publicDir: string, name: string, contentType: string, cacheControl: string): Asset {
  const bodies: Asset['bodies'] = new Map();
  for (const [encoding, suffix] of SUFFIXES) {
    const file = join(publicDir, name + suffix);
    if (existsSync(file)) bodies.set(encoding, withTag(readFileSync(file)));
  }
  return { cacheControl, contentType, bodies };
}

function withTag(body: Buffer): { body: Buffer; etag: string } {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

/** What the server makes itself, compressed once and for all. Asked for anew every time, and sent only where it has changed. */
export async function makeAsset(content: string, contentType: string): Promise<Asset> {
  const body = Buffer.from(content);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  const [br, gz] = await Promise.all([promisify(brotliCompress)(body, quality), promisify(gzip)(body)]);
  const bodies: Asset['bodies'] = new Map([
    ['br', withTag(br)],
    ['gzip', withTag(gz)],
    ['identity', withTag(body)],
  ]);
  return { cacheControl: 'no-cache', contentType, bodies };
}

/** Answers with the smallest form that the client takes, or that it has it already. */
export function sendAsset(req: IncomingMessage, res: ServerResponse, asset: Asset): void {
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
  if (asset.contentSecurityPolicy !== undefined) res.setHeader('Content-Security-Policy', asset.contentSecurityPolicy);
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
