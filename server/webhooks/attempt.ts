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

/** The secret was sealed under a `SECRET` that is not there any more. */
class NoSecret extends Error {}

/**
 * Tries to deliver once. `gone`: the endpoint wants no more of them.
 * @throws what is the fault of this side, and no failure of the endpoint
 */
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
    if (error instanceof OutboundError) return outcome(null, error.message);
    if (error instanceof NoSecret) return outcome(null, error.message);
    throw error;
  }
}

async function post({ config, read, pace, signal }: Trying, claimed: Claimed, at: Date) {
  const secrets = [claimed.sealed, ...(claimed.previousSealed === null ? [] : [claimed.previousSealed])];
  const { id, appId, type, about } = claimed;
  const data = await readPayload(read, appId, type, about);
  const event = { type, timestamp: new Date(claimed.createdMs).toISOString(), app: appId, data } as WebhookEvent;
  const body = JSON.stringify(event);
  return fetchOutside(config, {
    ...{ url: claimed.url, method: 'POST', body, timeoutMs: pace.timeoutMs, signal },
    headers: { 'content-type': 'application/json', ...signed(openAll(config, secrets), id, at, body) },
    ...{ maxBytes: ANSWER_BYTES, cut: true },
  });
}

function openAll(config: Config, sealed: string[]): string[] {
  try {
    return sealed.map((secret) => unseal(config, SEALED_AS, secret));
  } catch (error) {
    const why = 'its secret cannot be read any more, since SECRET is another one; rotate it';
    throw new NoSecret(`unable to sign the request; ${why}`, { cause: error });
  }
}

/** In characters that the database can hold. */
function excerpt(body: Buffer): string {
  const text = body.toString('utf8').replaceAll(/\p{Cc}+/gu, ' ');
  return text.slice(0, ANSWER_CHARACTERS).toWellFormed();
}
