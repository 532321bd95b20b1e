import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type CryptoKey,
  type JSONWebKeySet,
  type RemoteJWKSet,
} from 'jose';
import { getApp } from '../apps/apps.ts';
import { signingKeys, type SigningKey } from '../apps/keys.ts';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../orm.ts';
import { fetchOutside, OutboundError } from '../outbound.ts';

/** The algorithms of user tokens. `Ed25519` is the newer name of what `EdDSA` has been for this curve (RFC 9864). */
export const HOST_ALGORITHMS = ['HS256', 'EdDSA', 'Ed25519', 'ES256'] as const;
export type HostAlgorithm = (typeof HOST_ALGORITHMS)[number];

/** A key that may have signed a token: one kind of key, one algorithm. */
export interface HostKey {
  /** Of an app key; `null`: it is from the site's key set. */
  id: string | null;
  key: KeyObject | CryptoKey;
}

/** Finds the keys that a token can be verified with, by what its header says, which is not proven yet. */
export type HostKeys = (appId: string, header: { alg: HostAlgorithm; kid: string | undefined }) => Promise<HostKey[]>;

/** How key sets are asked for, in milliseconds. */
export interface KeySetPace {
  /** For as long a set is believed. */
  kept: number;
  /** Between two requests for one that does not have a key, or did not answer. */
  pause: number;
  /** For all of an answer. */
  timeout: number;
}

const PACE: KeySetPace = { kept: 600_000, pause: 10_000, timeout: 5_000 };
const SET_BYTES = 65_536;
const SETS_MAX = 1_000;

/** @throws AppError from what it returns: `app_unknown`, `overloaded` (the site's key set cannot be read) */
export function createHostKeys(db: Database, config: Config, pace = PACE): HostKeys {
  const sets = new Map<string, RemoteJWKSet>();

  /** One for each app, so that no app can make another one wait. */
  function setOf(appId: string, url: string): RemoteJWKSet {
    const name = `${appId} ${url}`;
    const set = sets.get(name) ?? createKeySet(config, url, pace);
    sets.delete(name);
    sets.set(name, set);
    const [oldest] = sets.keys();
    if (sets.size > SETS_MAX && oldest !== undefined) sets.delete(oldest);
    return set;
  }

  return async (appId, { alg, kid }) => {
    const own = (await signingKeys(db, config, appId)).flatMap((key) => toHostKey(key, alg));
    const named = own.filter(({ id }) => id === kid);
    if (named.length > 0) return named;
    const { jwksUrl } = await getApp(db, appId);
    const published = alg === 'HS256' || jwksUrl === null ? [] : await keysIn(setOf(appId, jwksUrl), alg, kid);
    return kid === undefined ? [...own, ...published] : published;
  };
}

function toHostKey({ kid, kind, secret, publicKey }: SigningKey, alg: HostAlgorithm): HostKey[] {
  if (kind === 'signing') return alg === 'HS256' && secret ? [{ id: kid, key: createSecretKey(secret, 'utf8') }] : [];
  if (alg === 'HS256' || !publicKey) return [];
  const key = createPublicKey(publicKey);
  return (key.asymmetricKeyType === 'ec') === (alg === 'ES256') ? [{ id: kid, key }] : [];
}

async function keysIn(set: RemoteJWKSet, alg: HostAlgorithm, kid: string | undefined): Promise<HostKey[]> {
  try {
    return [{ id: null, key: await set({ alg, ...(kid === undefined ? {} : { kid }) }) }];
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return [];
    if (error instanceof errors.JWKSMultipleMatchingKeys) {
      const keys: HostKey[] = [];
      for await (const key of error) if (keys.length < 10) keys.push({ id: null, key });
      return keys;
    }
    const why = error instanceof OutboundError ? error.message : 'it is not a set of keys';
    throw new AppError('overloaded', `unable to read the site's key set; ${why}; check the app's jwksUrl`, {
      retryAfterMs: PACE.pause,
      cause: error,
    });
  }
}

/** Tokens that nobody has signed can make it ask no more than once in a while, whatever the answer is. */
function createKeySet(config: Config, url: string, pace: KeySetPace): RemoteJWKSet {
  let failed: { error: unknown; until: number } | undefined;
  return createRemoteJWKSet(new URL(url), {
    cacheMaxAge: pace.kept,
    cooldownDuration: pace.pause,
    timeoutDuration: pace.timeout,
    [customFetch]: async (address) => {
      if (failed && failed.until > Date.now()) throw failed.error;
      try {
        const answer = await fetchOutside(config, {
          url: address,
          headers: { accept: 'application/jwk-set+json, application/json' },
          timeoutMs: pace.timeout,
          maxBytes: SET_BYTES,
          redirects: 3,
        });
        if (answer.status !== 200) throw new OutboundError('unreachable', `it answers ${String(answer.status)}`);
        const set = JSON.parse(answer.body.toString('utf8')) as JSONWebKeySet;
        // Throws where it is not one.
        createLocalJWKSet(set);
        failed = undefined;
        return Response.json(set);
      } catch (error) {
        failed = { error, until: Date.now() + pace.pause };
        throw error;
      }
    },
  });
}
