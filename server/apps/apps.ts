import type { AppConfig } from '@co-talk/sdk/protocol';
import type { Context, Services } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../orm.ts';
import { App } from './app.entity.ts';

/** What this server can do; clients send an optional field only if its feature is listed. */
export const FEATURES = ['accounts', 'friends', 'blocks', 'direct', 'messages', 'read', 'typing', 'presence', 'sync'];

/** Milliseconds for which an app's settings are kept: a changed origin list holds after that on every node. */
const CACHE_MS = 5_000;

const APP_ID = /^[\w-]{1,64}$/;

const caches = new WeakMap<Database, Map<string, { app: App; until: number }>>();

/**
 * An app by its id.
 * @throws AppError `app_unknown`
 */
export async function getApp(db: Database, appId: string): Promise<App> {
  const cache = caches.get(db) ?? new Map<string, { app: App; until: number }>();
  caches.set(db, cache);
  const hit = cache.get(appId);
  if (hit && hit.until > Date.now()) return hit.app;
  const app = APP_ID.test(appId) ? await db.orm.em.fork().findOne(App, { id: appId }) : null;
  if (!app)
    throw new AppError('app_unknown', 'unable to find the app; there is none with this id; check the app attribute');
  cache.set(appId, { app, until: Date.now() + CACHE_MS });
  return app;
}

/** Creates the first app, `default`, where there is none. Outside production it takes any loopback origin and clients without one. */
export async function ensureDefaultApp(db: Database, production: boolean): Promise<void> {
  const em = db.orm.em.fork();
  await em.upsert(
    App,
    {
      id: 'default',
      name: 'Default',
      origins: [],
      loopback: !production,
      noOrigin: !production,
      createdAt: new Date(),
    },
    { onConflictAction: 'ignore' },
  );
}

/** The public settings that a client reads before anybody signs in. */
export function config(ctx: Context): AppConfig {
  return {
    protocol: 1,
    features: FEATURES,
    signIn: { accounts: true, guests: false, host: false },
    limits: { messageLength: ctx.config.messageMaxLength },
    pushKey: null,
  };
}

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\]|[a-z0-9-]+\.localhost)(:\d{1,5})?$/;

/** Whether pages of `origin` may use this app: exact scheme, host and port, or the form `https://*.example.com`. */
export function originAllowed(app: App, services: Pick<Services, 'config'>, origin: string | undefined): boolean {
  if (origin === undefined) return app.noOrigin;
  if (origin === services.config.publicUrl) return true;
  if (app.origins.some((allowed) => matches(allowed, origin))) return true;
  return app.loopback && !services.config.production && LOOPBACK.test(origin);
}

function matches(allowed: string, origin: string): boolean {
  if (!allowed.includes('://*.')) return allowed === origin;
  const [scheme, host] = allowed.split('://*.');
  const [originScheme, originHost] = origin.split('://');
  return (
    scheme === originScheme &&
    host !== undefined &&
    /^[a-z0-9.-]+(:\d+)?$/.test(originHost ?? '') &&
    (originHost ?? '').endsWith(`.${host}`)
  );
}

/** @throws AppError `origin_not_allowed`, `app_unknown` */
export async function checkOrigin(
  db: Database,
  services: Services,
  appId: string,
  origin: string | undefined,
): Promise<void> {
  const app = await getApp(db, appId);
  if (originAllowed(app, services, origin)) return;
  throw new AppError(
    'origin_not_allowed',
    'unable to answer; this origin is not on the list of the app; add it to the allowed origins',
  );
}

const loading = new WeakMap<Database, Promise<App[]>>();

/** All apps, read once for all who ask at the same time: anybody can ask, before they have said who they are. */
function loadApps(db: Database): Promise<App[]> {
  const under = loading.get(db);
  if (under) return under;
  const apps = db.orm.em
    .fork()
    .find(App, {})
    .finally(() => loading.delete(db));
  loading.set(db, apps);
  return apps;
}

const ORIGIN = /^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?$/;

/** All apps, by id. */
export async function listApps(db: Database): Promise<App[]> {
  return db.orm.em.fork().find(App, {}, { orderBy: { id: 'asc' } });
}

/**
 * Sets the origins whose pages may use an app: `https://shop.example`, or `https://*.shop.example` for all below it.
 * @throws AppError `app_unknown`, `invalid_request`
 */
export async function setOrigins(db: Database, appId: string, origins: string[]): Promise<void> {
  const wrong = origins.find((origin) => !ORIGIN.test(origin));
  if (wrong !== undefined) {
    throw new AppError(
      'invalid_request',
      `unable to set the origins; "${wrong}" is not one; write it like https://shop.example`,
    );
  }
  const updated = await db.orm.em.fork().nativeUpdate(App, { id: appId }, { origins });
  if (updated === 0) throw new AppError('app_unknown', `unable to set the origins; there is no app "${appId}"`);
}

/** Whether any app at all allows this origin: all that can be known at the WebSocket upgrade, before the token arrives. */
export async function originKnown(db: Database, services: Services, origin: string | undefined): Promise<boolean> {
  const apps = await loadApps(db);
  return apps.some((app) => originAllowed(app, services, origin));
}
