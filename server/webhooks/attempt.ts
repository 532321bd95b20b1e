import { performance } from 'node:perf_hooks';
import type { WebhookEvent } from '@co-talk/sdk/protocol';
import type { Config } from '../config.ts';
import { unseal } from '../keyring.ts';
import { fetchOutside, OutboundError } from '../outbound.ts';
import type { Read } from '../statements.ts';
import type { Claimed, Outcome } from './outbox-store.ts';
import { waitAfter, type Pace } from './pace.ts';
import { readPayload } from './payloads.ts';
import { signed } from './signing.ts';

/** What secrets of webhooks are sealed as. */
export const SEALED_AS = 'webhook';

/** Bytes of an answer that are read, and characters of it that are kept. */
const ANSWER_BYTES = 1_024;
const ANSWER_CHARACTERS = 300;

/** What a try needs. */
export interface Trying {
  config: Config;
  read: Read;
  pace: Pace;
  /** The node ends. */
  signal: AbortSignal;
}

/** Tries to deliver once. `gone`: the endpoint wants no more of them. */
export async function attempt(trying: Trying, claimed: Claimed): Promise<Outcome & { gone: boolean }> {
  const at = new Date();
  const started = performance.now();
  const outcome = (status: number | null, text: string | null, retryAfter?: string) => {
    const delivered = status !== null && status >= 200 && status < 300;
    return {
      delivered,
      gone: status === 410,
      waitMs: delivered || status === 410 ? null : waitAfter(trying.pace, claimed.tries, retryAfter),
      attempt: {
        ...{ at: at.toISOString(), status, ms: Math.round(performance.now() - started) },
        ...{ error: status === null ? text : null, answer: status === null ? null : text },
      },
    };
  };
  try {
    const { status, headers, body } = await post(trying, claimed, at);
    return outcome(status, excerpt(body), headers['retry-after']);
  } catch (error) {
    return outcome(null, error instanceof OutboundError ? error.message : 'unable to make the request');
  }
}

async function post({ config, read, pace, signal }: Trying, claimed: Claimed, at: Date) {
  const secrets = [claimed.sealed, ...(claimed.previousSealed === null ? [] : [claimed.previousSealed])];
  const { id, appId, type, about } = claimed;
  const data = await readPayload(read, appId, type, about);
  const event = { type, timestamp: new Date(claimed.createdMs).toISOString(), app: appId, data } as WebhookEvent;
  const body = JSON.stringify(event);
  const open = secrets.map((sealed) => unseal(config, SEALED_AS, sealed));
  return fetchOutside(config, {
    ...{ url: claimed.url, method: 'POST', body, timeoutMs: pace.timeoutMs, signal },
    headers: { 'content-type': 'application/json', ...signed(open, id, at, body) },
    ...{ maxBytes: ANSWER_BYTES, cut: true },
  });
}

/** In characters that the database can hold. */
function excerpt(body: Buffer): string {
  const text = body.toString('utf8').replaceAll(/\p{Cc}+/gu, ' ');
  return text.slice(0, ANSWER_CHARACTERS).toWellFormed();
}
