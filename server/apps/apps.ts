import type { AppConfig, AppSettings } from '@co-talk/sdk/protocol';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../orm.ts';
import { App } from './app.entity.ts';

/** What this server can do; clients send an optional field only if its feature is listed. */
export const FEATURES = [
  'accounts',
  'guests',
  'host',
  'cookie',
  'avatars',
  'friends',
  'blocks',
  'direct',
  'groups',
  'channels',
  'invites',
  'messages',
  'files',
  'read',
  'reply',
  'edit',
  'delete',
  'forward',
  'reactions',
  'typing',
  'presence',
  'sync',
  'search',
  'report',
];

export const DEFAULT_SETTINGS: AppSettings = {
  emailSearch: 'partial',
  guestRetentionDays: 30,
  requireVerifiedEmail: false,
  messageLength: null,
  editWindowMinutes: 15,
  fileBytes: 25 * 1_048_576,
  fileBytesPerUser: 1_073_741_824,
  fileBytesPerApp: 50 * 1_073_741_824,
};

export const settingsOf = (app: App): AppSettings => ({ ...DEFAULT_SETTINGS, ...app.settings });

/** Milliseconds for which an app's settings are kept: a changed origin list holds after that on every node. */
const CACHE_MS = 2_000;

const APP_ID = /^[\w-]{1,64}$/;

const caches = new WeakMap<Database, Map<string, { app: App; until: number }>>();

/** For what this node has just changed itself. */
export function forgetApp(db: Database, appId: string): void {
  caches.get(db)?.delete(appId);
}

/**
 * An app by its id.
 * @throws AppError `app_unknown`
 */
export async function getApp(db: Database, appId: string): Promise<App> {
  const cache = caches.get(db) ?? new Map<string, { app: App; until: number }>();
  caches.set(db, cache);
  const hit = cache.get(appId);
  if (hit && hit.until > Date.now()) return hit.app;
  const app = APP_ID.test(appId) ? await db.orm.em.fork().findOne(App, { id: appId, removedAt: null }) : null;
  if (!app)
    throw new AppError('app_unknown', 'unable to find the app; there is none with this id; check the app attribute');
  cache.set(appId, { app, until: Date.now() + CACHE_MS });
  return app;
}

/** Graphemes in a message of this app; by what was read last, since this is asked for every message. */
export function messageLength(db: Database, appId: string, { messageMaxLength }: Config): number {
  const settings = caches.get(db)?.get(appId)?.app.settings;
  return Math.min(settings?.messageLength ?? messageMaxLength, messageMaxLength);
}

const loading = new WeakMap<Database, Promise<App[]>>();

/** All apps, read once for all who ask at the same time: anybody can ask, before they have said who they are. */
export function loadApps(db: Database): Promise<App[]> {
  const under = loading.get(db);
  if (under) return under;
  const apps = db.orm.em
    .fork()
    .find(App, { removedAt: null })
    .finally(() => loading.delete(db));
  loading.set(db, apps);
  return apps;
}

/**
 * Creates the first app, `default`, where there is none. Outside production it takes any loopback origin, clients without one,
 * and everybody: accounts, guests and users of the site.
 */
export async function ensureDefaultApp(db: Database, production: boolean): Promise<void> {
  const em = db.orm.em.fork();
  await em.upsert(
    App,
    {
      ...{ id: 'default', name: 'Default', origins: [], jwksUrl: null, settings: {}, removedAt: null },
      ...{ accounts: true, guests: !production, hostUsers: !production },
      ...{ loopback: !production, noOrigin: !production, createdAt: new Date() },
    },
    { onConflictAction: 'ignore' },
  );
}

/** The public settings that a client reads before anybody signs in. */
export async function config(ctx: Context): Promise<AppConfig> {
  const app = await ctx.app();
  const { editWindowMinutes } = settingsOf(app);
  return {
    protocol: 1,
    features: FEATURES,
    signIn: {
      ...{ accounts: app.accounts, guests: app.guests, host: app.hostUsers },
      passwordReset: app.accounts && ctx.mailer.available,
    },
    limits: { editWindowMinutes, messageLength: ctx.messageLength(), fileBytes: settingsOf(app).fileBytes },
    pushKey: null,
  };
}
