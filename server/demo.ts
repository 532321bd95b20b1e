import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
};

/** The address the pages of the example were written with. */
const WRITTEN_SERVER = 'http://localhost:3000';

/** What the build has put next to the compiled server, or the example itself when run from source. */
const demoDir = ['./demo/', '../examples/script-tag/']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

/**
 * The demo host site: somebody's pages with the chat on them, to be served from another origin than the server's.
 *
 * @param serverUrl what the pages load the chat from
 */
export function createDemo(serverUrl: string): Server {
  const pages = demoDir === undefined ? new Map<string, Buffer>() : readPages(demoDir, serverUrl);
  const policy = contentSecurityPolicy(serverUrl);
  return createServer((req, res) => {
    const path = req.url?.split('?')[0] ?? '/';
    const name = path.endsWith('/') ? `${path}index.html` : path;
    const body = pages.get(name);
    res.setHeader('X-Content-Type-Options', 'nosniff');
    if (!body || (req.method !== 'GET' && req.method !== 'HEAD')) {
      res.writeHead(body ? 405 : 404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('There is nothing here.\n');
      return;
    }
    res.writeHead(200, {
      'Content-Type': CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-cache',
    });
    res.end(req.method === 'HEAD' ? undefined : body);
  });
}

function readPages(folder: string, serverUrl: string): Map<string, Buffer> {
  const pages = new Map<string, Buffer>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const extension = extname(name);
    if (!(extension in CONTENT_TYPES)) continue;
    const content = readFileSync(join(folder, name));
    const path = `/${name.replaceAll('\\', '/')}`;
    const isPage = extension === '.html';
    pages.set(path, isPage ? Buffer.from(content.toString('utf8').replaceAll(WRITTEN_SERVER, serverUrl)) : content);
  }
  return pages;
}

/** As strict as a careful site's: the chat must work under it. */
function contentSecurityPolicy(serverUrl: string): string {
  const socketUrl = serverUrl.replace(/^http/, 'ws');
  return [
    "default-src 'self'",
    `script-src ${serverUrl} 'self'`,
    `connect-src ${serverUrl} ${socketUrl}`,
    `img-src 'self' data: ${serverUrl}`,
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}
