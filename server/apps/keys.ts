import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AppKey as WireKey, AppKeyKind, CreatedKey, CreateKey, RotateKey } from '@co-talk/sdk/protocol';
import { audit, type By } from '../audit/audit.ts';
import { endSessionsOfKey } from '../auth/sessions.ts';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { canUnseal, seal, unseal } from '../keyring.ts';
import type { Database } from '../orm.ts';
import { AppKey } from './app-key.entity.ts';

/** What is needed to work on the keys of one app. */
type Keeper = Pick<Context, 'em' | 'appId' | 'config'>;

/** Keys of one app: enough for every server, and for changing them one by one. */
const KEYS_MAX = 20;

const SEALED_AS = 'app-key';
const HOUR_MS = 3_600_000;

const PREFIX: Record<AppKeyKind, string> = { secret: 'sk_', signing: 'uk_', public: '' };

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const unknown = () => new AppError('not_found', 'unable to find the key; there is none with this id');

/** The app's keys that hold, the newest first. */
export async function listKeys(ctx: Keeper): Promise<{ items: WireKey[]; next: null }> {
  const keys = await holding(ctx.em);
  return { items: keys.map(toWire), next: null };
}

/**
 * Makes a key, or takes the public half of one. The secret is in this answer and nowhere else.
 * @throws AppError `invalid_request` (no such public key, too many keys)
 */
export async function createKey(ctx: Keeper, by: By, input: CreateKey): Promise<CreatedKey> {
  return ctx.em.transactional(async (em) => {
    await lockKeys(ctx, em);
    refuseMore(await holding(em));
    const { key, secret } = make(ctx, input);
    await em.insert(AppKey, key);
    await audit(em, deed(ctx, by, 'key.create', key));
    return { ...toWire(key), secret };
  });
}

/** One change at a time, so that they are counted right. */
async function lockKeys(ctx: Keeper, em: EntityManager): Promise<void> {
  await em.execute('select from apps where id = ? for no key update', [ctx.appId]);
}

function refuseMore(keys: AppKey[]): void {
  if (keys.length < KEYS_MAX) return;
  throw new AppError('invalid_request', `unable to make the key; an app has at most ${String(KEYS_MAX)}; revoke one`);
}

/**
 * Makes a key that takes another one's place; for some hours both hold, or less where the old one was to end before. With none,
 * sessions that the old one vouched for end.
 *
 * @throws AppError `not_found`, `invalid_request` (no such public key, too many keys)
 */
export async function rotateKey(ctx: Keeper, by: By, id: string, input: RotateKey): Promise<CreatedKey> {
  const made = await ctx.em.transactional(async (em) => {
    await lockKeys(ctx, em);
    const keys = await holding(em);
    const old = keys.find((key) => key.id === id);
    if (!old) throw unknown();
    if (input.overlapHours > 0) refuseMore(keys);
    const { kind, name } = old;
    const { publicKey } = input;
    const { key, secret } = make(ctx, { kind, name, ...(publicKey === undefined ? {} : { publicKey }) });
    await em.insert(AppKey, key);
    const now = Date.now();
    const end = Math.min(now + input.overlapHours * HOUR_MS, old.expiresAt?.getTime() ?? Infinity);
    // At once means so whatever the clocks of others say.
    const ending = input.overlapHours === 0 ? { revokedAt: new Date(now) } : { expiresAt: new Date(end) };
    await em.nativeUpdate(AppKey, { id }, ending);
    await audit(em, deed(ctx, by, 'key.rotate', old, { by: key.id, overlapHours: input.overlapHours }));
    if (input.overlapHours === 0) await endSessionsOfKey(ctx, em, id);
    return { ...toWire(key), secret };
  });
  return made;
}

/**
 * Ends a key at once, and the sessions that it vouched for.
 * @throws AppError `not_found`
 */
export async function revokeKey(ctx: Keeper, by: By, id: string): Promise<void> {
  await ctx.em.transactional(async (em) => {
    const key = (await holding(em)).find((one) => one.id === id);
    if (!key) throw unknown();
    await em.nativeUpdate(AppKey, { id }, { revokedAt: new Date() });
    await audit(em, deed(ctx, by, 'key.revoke', key));
    await endSessionsOfKey(ctx, em, id);
  });
}

/** What verifies the tokens that a site signs. */
export interface SigningKey {
  kid: string;
  kind: 'signing' | 'public';
  /** Of `signing`: the whole `uk_…` text is the HMAC key. */
  secret?: string;
  /** Of `public`: PEM. */
  publicKey?: string;
}

/**
 * The keys with which an app's site may sign who somebody is, the newest first. One that was sealed under a `SECRET` that is gone
 * signs nobody in, and keeps no other from doing so.
 */
export async function signingKeys(db: Database, config: Config, appId: string): Promise<SigningKey[]> {
  const keys = await holding(db.fork(appId));
  return keys.flatMap(({ id, kind, sealed, publicKey }): SigningKey[] => {
    if (kind === 'signing' && sealed !== null) {
      const secret = canUnseal(config, sealed) ? unseal(config, SEALED_AS, sealed) : undefined;
      return secret === undefined ? [] : [{ kid: id, kind, secret }];
    }
    return kind === 'public' && publicKey !== null ? [{ kid: id, kind, publicKey }] : [];
  });
}

/**
 * Whether a signing key holds, for the rest of the caller's transaction: whoever ends it meanwhile waits, and finds the session that
 * it has vouched for.
 */
export async function holdKey(em: EntityManager, appId: string, id: string): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from app_keys where id = ? and app_id = ? and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())
     for share`,
    [id, appId],
  );
  return rows.length > 0;
}

/** Writes down that a key was used, at most once a minute. */
export async function noteUse(em: EntityManager, appId: string, id: string): Promise<void> {
  await em.execute(
    `update app_keys set last_used_at = now()
     where id = ? and app_id = ? and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [id, appId],
  );
}

/** The app and id of an `sk_` key that holds. */
export async function appOfSecretKey(db: Database, key: string): Promise<{ appId: string; id: string } | null> {
  if (!key.startsWith(PREFIX.secret) || key.length > 100) return null;
  const [row] = await db.read<{ appId: string; id: string; stale: boolean }>(
    {
      name: 'app-of-secret-key',
      text: `select k.app_id as "appId", k.id,
          k.last_used_at is null or k.last_used_at < now() - interval '1 minute' as stale from app_keys k join apps a on a.id = k.app_id
        where k.hash = $1 and k.kind = 'secret' and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
        and a.removed_at is null`,
    },
    [hashOf(key)],
  );
  if (!row) return null;
  const { appId, id, stale } = row;
  // Not for every request.
  if (stale) {
    await db.fork(appId).nativeUpdate(AppKey, { id }, { lastUsedAt: new Date() });
  }
  return { appId, id };
}

const holding = (em: EntityManager): Promise<AppKey[]> =>
  em.find(
    AppKey,
    { revokedAt: null, $or: [{ expiresAt: null }, { expiresAt: { $gt: new Date() } }] },
    { orderBy: { createdAt: 'desc', id: 'desc' }, disableIdentityMap: true },
  );

function make(ctx: Keeper, { kind, name, publicKey }: CreateKey): { key: AppKey; secret: string | null } {
  const secret = kind === 'public' ? null : PREFIX[kind] + randomBytes(32).toString('base64url');
  if ((kind === 'public') !== (publicKey !== undefined)) {
    throw new AppError(
      'invalid_request',
      'unable to make the key; publicKey belongs to a public key, and to it alone',
      {
        errors: [{ path: 'publicKey', message: 'belongs to a public key, and to it alone' }],
      },
    );
  }
  const key = {
    id: `k_${randomBytes(8).toString('hex')}`,
    ...{ appId: ctx.appId, kind, name, createdAt: new Date() },
    hash: kind === 'secret' && secret !== null ? hashOf(secret) : null,
    sealed: kind === 'signing' && secret !== null ? seal(ctx.config, SEALED_AS, secret) : null,
    publicKey: publicKey === undefined ? null : readPublicKey(publicKey),
    ...{ lastUsedAt: null, expiresAt: null, revokedAt: null },
  };
  return { key, secret };
}

/** The two kinds of public keys that are taken: Ed25519 (EdDSA) and P-256 (ES256). */
function readPublicKey(pem: string): string {
  try {
    const key = createPublicKey({ key: pem, format: 'pem' });
    const curve = key.asymmetricKeyDetails?.namedCurve;
    const taken = key.asymmetricKeyType === 'ed25519' || curve === 'prime256v1';
    if (taken && !pem.includes('PRIVATE')) return key.export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    // Told below.
  }
  throw new AppError(
    'invalid_request',
    'unable to take the key; it must be a public Ed25519 or P-256 key in PEM form',
    {
      errors: [{ path: 'publicKey', message: 'must be a public Ed25519 or P-256 key in PEM form' }],
    },
  );
}

const deed = (ctx: Keeper, by: By, action: string, key: AppKey, details: Record<string, string | number> = {}) => ({
  ...{ appId: ctx.appId, by, action },
  target: { kind: 'key', id: key.id },
  details: { kind: key.kind, name: key.name, ...details },
});

const toWire = (key: AppKey): WireKey => ({
  id: key.id,
  kind: key.kind,
  name: key.name,
  publicKey: key.publicKey,
  createdAt: key.createdAt.toISOString(),
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  expiresAt: key.expiresAt?.toISOString() ?? null,
});
