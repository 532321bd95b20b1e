import type { Page, Problem } from '@co-talk/sdk/protocol';

/** A request that did not come to the answer it was made for. */
export class ApiError extends Error {
  /** Of the server; `network` where it could not be reached. */
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  /** What is wrong with what was sent, field by field. */
  readonly errors: readonly { path: string; message: string }[];

  constructor(code: string, message: string, problem: Partial<Problem> = {}) {
    super(message);
    this.code = code;
    this.retryAfterMs = problem.retryAfterMs;
    this.errors = problem.errors ?? [];
  }
}

/** Milliseconds that an answer may take. */
const PATIENCE_MS = 20_000;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The admin routes, asked with the cookie of whoever is signed in to the console. */
export class Api {
  /** Called when the server no longer knows who this is. */
  onSignedOut: () => void = () => undefined;

  get<T>(path: string): Promise<T> {
    return this.#ask<T>('GET', path);
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.#ask<T>('POST', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#ask<T>('PATCH', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#ask<T>('PUT', path, body);
  }

  remove<T>(path: string): Promise<T> {
    return this.#ask<T>('DELETE', path);
  }

  /** All pages of a list, at most `max` rows. */
  async all<T>(path: string, max: number): Promise<T[]> {
    const items: T[] = [];
    const join = path.includes('?') ? '&' : '?';
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page<T> = await this.get(`${path}${join}limit=100${more}`);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null && items.length < max);
    return items;
  }

  async #ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`/api/v1/admin${path}`, {
        method,
        credentials: 'same-origin',
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
        // A form or a page of somebody else cannot send this along without being asked for first.
        headers: { 'X-Co-Talk-Console': '1', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch {
      throw new ApiError('network', 'unable to reach the server');
    }
    if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
    const problem = readProblem(text);
    const error = new ApiError(problem.code ?? 'internal', problem.detail ?? `status ${response.status}`, problem);
    if (error.code === 'unauthenticated' && path !== '/session') this.onSignedOut();
    throw error;
  }
}

function readProblem(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return {};
  }
}
