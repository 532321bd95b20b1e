import { CoTalkError, closedError } from './errors.ts';
import { answerOf, wait } from './http.ts';
import type { Http, Tokens } from './http.ts';
import { newId } from './ids.ts';
import { LIMITS } from './protocol/index.ts';
import type { AppConfig, Attachment, FileUrl, FileUrls, Id } from './protocol/index.ts';

export interface UploadOptions {
  /** The file's name, where it has none of its own. */
  name?: string;
  /** Hears how much is on the server, from 0 to 1. Only in browsers. */
  onProgress?: (part: number) => void;
  /** Ends the upload; nothing is left of it. */
  signal?: AbortSignal;
  /** Tells one upload from the next: keep it to try again what has failed, and it is stored once. Default: a new one. */
  clientId?: string;
  /** Milliseconds that audio or video lasts. */
  durationMs?: number;
  /** How loud audio is: up to 100 heights from 0 to 100. */
  waveform?: readonly number[];
}

/** Files of messages. */
export interface Files {
  /**
   * Uploads a file, which a message can then have: see {@link RoomMessages.send}. What no message has after a day is removed.
   * A lost connection is tried again a few times; nothing is kept over a reload.
   *
   * Rejects with `too_large`, `unsupported_media` (a program, or not what its name says), `quota_exceeded`, `not_available`,
   * `invalid_request` (empty), `rate_limited`, `closed` (ended, or signed out), `network` or `timeout`.
   *
   * @example
   * const file = await client.files.upload(input.files[0], { onProgress: (part) => (bar.value = part) });
   * await room.send('Look', { attachments: [file] });
   */
  upload(file: Blob, options?: UploadOptions): Promise<Attachment>;

  /**
   * Where files are, for showing or saving them now: addresses hold a few minutes, and are asked for anew before that. Those that
   * one may not see are left out.
   *
   * Rejects with `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * const [file] = await client.files.urls([attachment.id]);
   * image.src = file?.variants['small'] ?? file?.url ?? '';
   */
  urls(ids: readonly Id[]): Promise<FileUrl[]>;
}

export interface FilesDeps {
  server: string;
  http: Http;
  tokens: Tokens;
  config: () => Promise<AppConfig>;
}

/** Milliseconds before the next of the attempts, and without any progress until one is given up. */
const PAUSES_MS = [1_000, 3_000, 9_000];
const SILENCE_MS = 60_000;
/** An upload that is told to come back within this time does so by itself. */
const PATIENCE_MS = 15_000;

/** An address is not handed out in its last part of a minute. */
const SPARE_MS = 30_000;

export function createFiles({ server, http, tokens, config }: FilesDeps) {
  let known = new Map<Id, { url: Promise<FileUrl | undefined>; until: number }>();
  /** Those that are asked for together. */
  let batch: { ids: Id[]; answer: Promise<ReadonlyMap<Id, FileUrl>> } | null = null;

  function ask(id: Id): Promise<FileUrl | undefined> {
    if (!batch || batch.ids.length >= LIMITS.fileUrls) {
      const ids: Id[] = [];
      const answer = wait(0).then(async () => {
        if (batch?.ids === ids) batch = null;
        const { items } = await http.call<FileUrls>('POST', '/files/urls', { body: { ids } });
        return new Map(items.map((item) => [item.id, absolute(item)]));
      });
      batch = { ids, answer };
    }
    batch.ids.push(id);
    return batch.answer.then((urls) => urls.get(id));
  }

  function absolute({ url, variants, ...file }: FileUrl): FileUrl {
    const whole = (path: string) => new URL(path, server).href;
    const entries = Object.entries(variants).map(([name, path]) => [name, whole(path)]);
    return { ...file, url: whole(url), variants: Object.fromEntries(entries) as Record<string, string> };
  }

  function urlOf(id: Id): Promise<FileUrl | undefined> {
    const held = known.get(id);
    if (held && held.until > Date.now()) return held.url;
    const entry = { url: ask(id), until: Infinity };
    const { url } = entry;
    const mine = known.set(id, entry);
    url.then(
      (file) => (entry.until = Date.now() + (file ? file.expiresIn * 1_000 - SPARE_MS : 0)),
      () => mine.delete(id),
    );
    return url;
  }

  async function attempt(file: Blob, options: UploadOptions, clientId: string): Promise<Attachment> {
    const form = new FormData();
    form.set('clientId', clientId);
    if (options.durationMs !== undefined) form.set('durationMs', String(Math.round(options.durationMs)));
    if (options.waveform) form.set('waveform', options.waveform.map(Math.round).join(','));
    form.set('file', file, 'name' in file ? String(file.name) : (options.name ?? 'file'));
    const { token, signal } = await tokens.access();
    const both = options.signal ? AbortSignal.any([signal, options.signal]) : signal;
    const go = async (token: string) =>
      answerOf<Attachment>(await post(`${server}/api/v1/files`, token, form, both, options.onProgress));
    try {
      return await go(token).catch(async (error: unknown) => {
        if (error instanceof CoTalkError && error.status === 401) return go(await tokens.refresh(token));
        throw error;
      });
    } catch (error) {
      throw both.aborted ? closedError() : error;
    }
  }

  const files: Files = {
    async upload(file, options = {}) {
      const { features, limits } = await config();
      const most = features.includes('files') ? (limits.fileBytes ?? 0) : 0;
      if (most === 0) throw new CoTalkError('not_available', 'unable to send the file; this site takes none');
      if (file.size > most) {
        throw new CoTalkError('too_large', `unable to send the file; at most ${Math.floor(most / 1_048_576)} MB fit`);
      }
      const { clientId = newId() } = options;
      for (const pause of PAUSES_MS) {
        try {
          return await attempt(file, options, clientId);
        } catch (error) {
          if (!(error instanceof CoTalkError) || !error.retryable) throw error;
          const { retryAfterMs = 0 } = error;
          if (retryAfterMs > PATIENCE_MS) throw error;
          await wait(Math.max(pause, retryAfterMs));
        }
        if (options.signal?.aborted) throw closedError();
      }
      return attempt(file, options, clientId);
    },
    urls: async (ids) => (await Promise.all(ids.map(urlOf))).filter((file) => file !== undefined),
  };
  return {
    files,
    clear() {
      known = new Map();
      batch = null;
    },
  };
}

/** One request with a form; `fetch` tells nobody how far it is. */
async function post(
  url: string,
  token: string,
  body: FormData,
  signal: AbortSignal,
  onProgress?: (part: number) => void,
): Promise<Response> {
  const authorization = `Bearer ${token}`;
  if (typeof XMLHttpRequest === 'undefined') {
    // As a whole: where a form is ended half-way, Node's fetch throws where nobody can catch it.
    const whole = new Response(body);
    const headers = { authorization, 'content-type': whole.headers.get('content-type') ?? '' };
    return fetch(url, { method: 'POST', body: await whole.arrayBuffer(), signal, headers }).catch((cause: unknown) => {
      throw lost(cause);
    });
  }
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout>;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        request.abort();
        reject(new CoTalkError('timeout', 'unable to send the file; nothing has moved for a minute'));
      }, SILENCE_MS);
    };
    const abort = () => {
      request.abort();
      reject(closedError());
    };
    request.open('POST', url);
    request.setRequestHeader('authorization', authorization);
    request.upload.onprogress = ({ loaded, total }) => {
      alive();
      onProgress?.(total ? loaded / total : 0);
    };
    request.onload = () => {
      const after = request.getResponseHeader('retry-after');
      const headers = new Headers(after === null ? [] : [['retry-after', after]]);
      resolve(new Response(request.responseText, { status: request.status, headers }));
    };
    request.onerror = () => reject(lost());
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort);
    alive();
    request.send(body);
  });
}

const lost = (cause?: unknown) =>
  new CoTalkError('network', 'unable to send the file; check the connection', { cause });
