import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Config } from './config.ts';
import { isPublic, lookUp, type PublicAddress } from './outbound-addresses.ts';
import { VERSION } from './version.ts';

/**
 * Why a request to a foreign address came to nothing.
 * - `refused`: by the rules here; trying again does not help
 * - `unreachable`: no such name, nobody there, or a broken answer
 * - `timeout`: not within the time for all of it
 * - `too_large`: more of an answer than was asked for
 */
export type OutboundFailure = 'refused' | 'unreachable' | 'timeout' | 'too_large';

/** The message is a sentence for whoever has given the address. It tells nothing about the network that the server is in. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly reason: OutboundFailure;
  /** The second half of the sentence. */
  readonly why: string;

  constructor(reason: OutboundFailure, why: string, cause?: unknown) {
    super(`unable to reach the address; ${why}`, { cause });
    this.reason = reason;
    this.why = why;
  }
}

/** A request to an address that somebody else has chosen. */
export interface OutboundRequest {
  url: string;
  /** Default: `GET`. */
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** For all of it: names, connections, redirects, and the last byte of the answer. */
  timeoutMs: number;
  /** Bytes of the answer's body. */
  maxBytes: number;
  /** An answer that is longer is cut, where it would be `too_large`. */
  cut?: boolean;
  /** How many a `GET` follows; to another origin, without `headers`. Default: 0, and the redirect is the answer. */
  redirects?: number;
  /** Ends it early, as `timeout`. */
  signal?: AbortSignal;
  /** Name servers instead of the system's. */
  dns?: string[];
}

export interface OutboundAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

type Rules = Pick<Config, 'outboundAllowLoopback'>;

/** An answer's headers may take this much. */
const HEADERS_MAX_BYTES = 16 * 1024;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Whether an address could be asked at all: http or https, without a user and password, at port 80, 443 or from 1024 on (below are
 * mail, shells and databases' neighbours, which take an HTTP request for commands), and not an IP address that is not public.
 *
 * @throws {OutboundError} `refused`
 */
export function checkOutboundUrl(rules: Rules, url: string): URL {
  if (!URL.canParse(url)) throw new OutboundError('refused', 'it is none; write it like https://example.com/path');
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw new OutboundError('refused', 'it must begin with https:// or http://');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new OutboundError('refused', 'it must not carry a user or password');
  }
  const port = Number(parsed.port || (parsed.protocol === 'https:' ? 443 : 80));
  if (port !== 80 && port !== 443 && port < 1024) {
    throw new OutboundError('refused', 'its port must be 80, 443, or 1024 and above');
  }
  const host = hostOf(parsed);
  if (isIP(host) !== 0 && !isPublic(host, rules.outboundAllowLoopback)) throw notPublic();
  return parsed;
}

/**
 * The one way to foreign addresses. Names are resolved first, all their addresses must be public, and the connection is made to one
 * of exactly these, under the name's certificate; every redirect is checked again. Time and bytes are limited.
 *
 * @throws {OutboundError}
 * @example
 * const { body } = await fetchOutside(config, { url, timeoutMs: 5_000, maxBytes: 65_536, redirects: 3 });
 */
export async function fetchOutside(rules: Rules, request: OutboundRequest): Promise<OutboundAnswer> {
  const late = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal ? AbortSignal.any([late, request.signal]) : late;
  try {
    return await follow(rules, request, signal);
  } catch (error) {
    if (signal.aborted) throw new OutboundError('timeout', 'it did not answer in time', error);
    if (error instanceof OutboundError) throw error;
    throw new OutboundError('unreachable', reasonOf(error), error);
  }
}

/**
 * Whether the name in an address leads to the public internet now. A name that leads nowhere yet passes: it is looked up again for
 * every request.
 *
 * @throws {OutboundError} `refused`
 */
export async function checkOutboundName(rules: Rules, url: string, dns?: string[]): Promise<void> {
  const found = await lookUp(hostOf(checkOutboundUrl(rules, url)), AbortSignal.timeout(5_000), dns);
  if (!found.every(({ address }) => isPublic(address, rules.outboundAllowLoopback))) throw notPublic();
}

async function follow(rules: Rules, request: OutboundRequest, signal: AbortSignal): Promise<OutboundAnswer> {
  let url = checkOutboundUrl(rules, request.url);
  let headers = request.headers ?? {};
  const redirects = request.method === 'POST' ? 0 : (request.redirects ?? 0);
  for (let followed = 0; ; followed += 1) {
    const found = await lookUp(hostOf(url), signal, request.dns);
    if (!found.every(({ address }) => isPublic(address, rules.outboundAllowLoopback))) throw notPublic();
    if (found.length === 0) throw new OutboundError('unreachable', 'its name leads nowhere');
    const answer = await ask(url, found, { ...request, headers }, signal);
    const { location } = answer.headers;
    if (!REDIRECTS.has(answer.status) || location === undefined || redirects === 0) return answer;
    if (followed === redirects) throw new OutboundError('refused', 'it redirects too often');
    const next = checkOutboundUrl(rules, URL.canParse(location, url.href) ? new URL(location, url).href : location);
    if (url.protocol === 'https:' && next.protocol === 'http:') {
      throw new OutboundError('refused', 'it redirects from https:// to http://');
    }
    if (next.origin !== url.origin) headers = {};
    url = next;
  }
}

function ask(url: URL, found: PublicAddress[], request: OutboundRequest, signal: AbortSignal): Promise<OutboundAnswer> {
  return new Promise((resolve, reject) => {
    const [first] = found;
    // Whatever the name leads to by now, these are the addresses that were checked.
    const lookup: LookupFunction = (_name, { all }, callback) => {
      if (all) callback(null, found);
      else callback(null, first?.address ?? '', first?.family);
    };
    const outgoing = (url.protocol === 'https:' ? requestHttps : requestHttp)({
      hostname: hostOf(url),
      port: url.port,
      path: url.pathname + url.search,
      method: request.method ?? 'GET',
      headers: {
        'user-agent': `Co-Talk/${VERSION}`,
        'accept-encoding': 'identity',
        ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
        ...request.headers,
      },
      agent: false,
      lookup,
      signal,
      maxHeaderSize: HEADERS_MAX_BYTES,
    });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      read(incoming, request).then(
        (body) => {
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
        },
        (error: unknown) => {
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
    outgoing.end(request.body);
  });
}

async function read(incoming: IncomingMessage, { maxBytes, cut }: OutboundRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early ends the connection.
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) break;
  }
  if (bytes > maxBytes && !cut) throw new OutboundError('too_large', 'its answer is too long');
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

/** The host without the brackets of IPv6, and in the one spelling that `URL` gives to all those of an IPv4 address. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const notPublic = () => new OutboundError('refused', 'it does not lead to a public address');

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nobody answers there',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'nobody answers there',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody known',
  HPE_HEADER_OVERFLOW: "its answer's headers are too long",
};

/** The error's own words may name addresses; its code does not. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return REASONS[code] ?? (code === '' ? 'the request failed' : `the request failed (${code})`);
}
