import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AssetsHandler } from '../assets.ts';
import { inboxPage, type Inbox } from './inbox.ts';

interface Page {
  type: string;
  policy: string;
  body: Buffer;
  etag: string;
}

/** Nothing but files of this server, no markup written by script, nobody's frame. Requests go to the API beside it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** A mail's HTML as a mail program shows it: styles in it, no script, no request. */
const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const FILES: Record<string, [file: string, type: string]> = {
  '/account/reset': ['reset.html', 'text/html; charset=utf-8'],
  '/account/verify': ['verify.html', 'text/html; charset=utf-8'],
  '/account/account.css': ['account.css', 'text/css; charset=utf-8'],
  '/account/account.js': ['account.js', 'text/javascript; charset=utf-8'],
  '/account/texts.js': ['texts.js', 'text/javascript; charset=utf-8'],
};

/** The pages that links in mails open. What a link carries stands behind its `#`: no server, proxy or log gets to see it. */
export function createAccountPages(): AssetsHandler {
  const pages = new Map(Object.entries(FILES).map(([path, [file, type]]) => [path, readPage(file, type)] as const));
  return (req, res, next) => {
    const page = isRead(req) ? pages.get(pathOf(req)) : undefined;
    if (!page) {
      next();
      return;
    }
    setHeaders(res, page.type, page.policy);
    res.setHeader('Cache-Control', 'no-cache');
    res.setHeader('ETag', page.etag);
    if (req.headers['if-none-match'] === page.etag) res.writeHead(304).end();
    else res.writeHead(200).end(req.method === 'HEAD' ? undefined : page.body);
  };
}

/** `/dev/mail`: only in development, and only for a browser on this machine, under a name of this machine. */
export function createInboxPages(inbox: Inbox): AssetsHandler {
  return (req, res, next) => {
    const [, id] = /^\/dev\/mail(?:\/([\w-]+))?$/.exec(pathOf(req)) ?? [];
    const letter = inbox.letters().find((one) => one.id === id);
    if (!isRead(req) || !/^\/dev\/mail(\/|$)/.test(pathOf(req)) || !isLocal(req) || (id !== undefined && !letter)) {
      next();
      return;
    }
    setHeaders(res, 'text/html; charset=utf-8', letter ? MAIL_POLICY : POLICY);
    res.setHeader('Cache-Control', 'no-store');
    res.writeHead(200).end(letter ? letter.html : inboxPage(inbox.letters()));
  };
}

export function mountAccountPages(
  app: { use: (handler: AssetsHandler) => unknown },
  { inbox }: { inbox: Inbox | null },
): void {
  app.use(createAccountPages());
  if (inbox) app.use(createInboxPages(inbox));
}

function readPage(file: string, type: string): Page {
  const body = readFileSync(new URL(`./pages/${file}`, import.meta.url));
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { type, policy: POLICY, body, etag };
}

const isRead = (req: IncomingMessage): boolean => req.method === 'GET' || req.method === 'HEAD';

const pathOf = (req: IncomingMessage): string => req.url?.split('?')[0] ?? '';

/** A name that leads elsewhere could be made to lead here; a proxy speaks for others. */
function isLocal(req: IncomingMessage): boolean {
  const host = (req.headers.host ?? '').replace(/:\d+$/, '');
  const near = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(req.socket.remoteAddress ?? '');
  const named = ['localhost', '127.0.0.1', '[::1]'].includes(host);
  return near && named && req.headers['x-forwarded-for'] === undefined && req.headers.forwarded === undefined;
}

function setHeaders(res: ServerResponse, type: string, policy: string): void {
  res.removeHeader('Access-Control-Allow-Origin');
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Security-Policy', policy);
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.setHeader('X-Content-Type-Options', 'nosniff');
}
