import { CoTalkError, closedError, fromWire } from './errors.ts';
import { SESSION_HEADER } from './protocol/index.ts';
import type { Problem } from './protocol/index.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface Call {
  method: Method;
  /** Under `/api/v1`, with a leading slash. */
  path: string;
  query?: Record<string, string | number | undefined>;
  /** A `Blob` goes as it is, anything else as JSON. */
  body?: unknown;
  token?: string;
  /** The answer's refresh token comes, or this call's goes, in a cookie. */
  cookie?: boolean;
  /** Ends the call with `closed`. */
  signal?: AbortSignal;
}

/** Access tokens as the transport needs them. */
export interface Tokens {
  /** A token, and the signal that is aborted when its user is no longer the one signed in. */
  access(): Promise<{ token: string; signal: AbortSignal }>;
  /** A token newer than the one that was refused. */
  refresh(refused: string): Promise<string>;
}

export interface Http {
  /**
   * A call as the signed-in user. What goes into a store belongs into `apply`, which runs only while that user still is
   * the one signed in: nothing of one user may enter the stores of the next.
   */
  call<T>(
    method: Method,
    path: string,
    more?: Pick<Call, 'query' | 'body' | 'cookie'> & { apply?: (answer: T) => void },
  ): Promise<T>;
}

const TIMEOUT_MS = 10_000;
/** A read that is told to come back within this time does so by itself, once. */
const PATIENCE_MS = 5_000;

export function createHttp(server: string, tokens: Tokens): Http {
  return {
    async call<T>(
      method: Method,
      path: string,
      { apply, ...more }: Pick<Call, 'query' | 'body' | 'cookie'> & { apply?: (answer: T) => void } = {},
    ) {
      const { token, signal } = await tokens.access();
      const attempt = (token: string) => send<T>(server, { method, path, ...more, token, signal });
      const answer = await attempt(token).catch(async (error: unknown) => {
        if (!(error instanceof CoTalkError)) throw error;
        if (error.status === 401) return attempt(await tokens.refresh(token));
        if (method !== 'GET' || error.retryAfterMs === undefined || error.retryAfterMs > PATIENCE_MS) throw error;
        await wait(error.retryAfterMs);
        return attempt((await tokens.access()).token);
      });
      if (signal.aborted) throw closedError();
      apply?.(answer);
      return answer;
    },
  };
}

/** One request, without a session. */
export async function send<T>(server: string, { method, path, query, body, token, cookie, signal }: Call): Promise<T> {
  const url = new URL(`${server}/api/v1${path}`);
  for (const [key, value] of Object.entries(query ?? {}))
    if (value !== undefined) url.searchParams.set(key, String(value));
  const headers: Record<string, string> = {};
  const blob = body instanceof Blob;
  if (body !== undefined && !blob) headers['content-type'] = 'application/json';
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (cookie) headers[SESSION_HEADER] = 'cookie';

  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, TIMEOUT_MS);
  signal?.addEventListener('abort', abort);
  try {
    if (signal?.aborted) abort();
    const response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? null : blob ? body : JSON.stringify(body),
      signal: controller.signal,
      credentials: cookie ? 'include' : 'omit',
    });
    const answer = await answerOf<T>(response);
    controller.signal.throwIfAborted();
    return answer;
  } catch (cause) {
    if (signal?.aborted) throw closedError();
    if (cause instanceof CoTalkError) throw cause;
    if (controller.signal.aborted)
      throw new CoTalkError('timeout', 'unable to reach the server; it did not answer in 10 s');
    throw new CoTalkError('network', 'unable to reach the server; check the connection', { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** What an answer says, or throws with what it refuses. */
export async function answerOf<T>(response: Response): Promise<T> {
  const data = parse(await response.text());
  if (!response.ok) throw refusal(response, data);
  return data as T;
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function refusal({ status, headers }: Response, data: unknown): CoTalkError {
  const seconds = Number(headers.get('retry-after') ?? NaN);
  const after = seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
  if (isProblem(data)) return fromWire({ ...after, ...data }, status);
  // Something between here and the server answered: a proxy, a captive portal.
  const retryable = status === 429 || status >= 500;
  return new CoTalkError('network', `unable to reach the server; something else answered ${status}`, {
    status,
    retryable,
    ...after,
  });
}

function isProblem(data: unknown): data is Problem {
  return typeof data === 'object' && data !== null && 'code' in data && 'detail' in data;
}
