import { randomBytes } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { AdminApp, CreateApp, UpdateApp } from '@co-talk/sdk/protocol';
import { audit, type By } from '../audit/audit.ts';
import { endSessionsOfApp } from '../auth/sessions.ts';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../orm.ts';
import { checkOutboundUrl, OutboundError } from '../outbound.ts';
import { App } from './app.entity.ts';
import { forgetApp, settingsOf } from './apps.ts';

const ORIGIN = /^https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$|^https?:\/\/\[[0-9a-f:.]+\](:\d{1,5})?$/;
const APP_ID = /^[a-z0-9][a-z0-9_-]{1,63}$/;
const NAME_MAX = 100;
const ORIGINS_MAX = 100;

/** All apps, by id. */
export async function listApps(db: Database): Promise<AdminApp[]> {
  const apps = await db.orm.em.fork().find(App, { removedAt: null }, { orderBy: { id: 'asc' } });
  return apps.map(toWire);
}

/** @throws AppError `app_unknown` */
export async function showApp(db: Database, appId: string): Promise<AdminApp> {
  const app = await db.orm.em.fork().findOne(App, { id: appId, removedAt: null });
  if (!app)
    throw new AppError('app_unknown', `unable to find the app; there is none with the id "${appId.slice(0, 64)}"`);
  return toWire(app);
}

/**
 * Makes an app. What is not said is off, but for accounts.
 * @throws AppError `invalid_request` (id, origins), `conflict` (the id is taken, or was once)
 */
export async function createApp(
  db: Database,
  config: Config,
  by: By,
  { id, name, ...more }: CreateApp,
): Promise<AdminApp> {
  const appId = id ?? `app_${randomBytes(8).toString('hex')}`;
  if (!APP_ID.test(appId)) {
    throw refuse('id', 'must have 2 to 64 lower-case letters, digits, "-" or "_", and begin with a letter or a digit');
  }
  const { settings, ...changes } = readChanges(config, { name, ...more });
  await db.orm.em.fork().transactional(async (em) => {
    if ((await em.count(App, { id: appId })) > 0) {
      throw new AppError(
        'conflict',
        `unable to make the app; there is or was one with the id "${appId}"; take another`,
      );
    }
    await em.insert(App, {
      ...{ id: appId, name, origins: [], loopback: false, noOrigin: false, accounts: true, guests: false },
      ...{ hostUsers: false, jwksUrl: null, removedAt: null, createdAt: new Date() },
      ...changes,
      settings: settings ?? {},
    });
    await audit(em, { appId, by, action: 'app.create', target: { kind: 'app', id: appId } });
  });
  return showApp(db, appId);
}

/**
 * Changes what is named and nothing else. Holds on every node within two seconds.
 * @throws AppError `app_unknown`, `invalid_request`
 */
export async function updateApp(
  db: Database,
  config: Config,
  by: By,
  appId: string,
  input: UpdateApp,
): Promise<AdminApp> {
  const { settings, ...changes } = readChanges(config, input);
  await db.orm.em.fork().transactional(async (em) => {
    // Two at once change what each of them names.
    const before = await em.findOne(
      App,
      { id: appId, removedAt: null },
      { disableIdentityMap: true, lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (!before) throw new AppError('app_unknown', `unable to change the app; there is none with this id`);
    const now = { ...changes, ...(settings ? { settings: { ...before.settings, ...settings } } : {}) };
    if (Object.keys(now).length === 0) return;
    await em.nativeUpdate(App, { id: appId }, now);
    const changed = [...Object.keys(changes), ...Object.keys(settings ?? {})].join(' ');
    await audit(em, { appId, by, action: 'app.update', target: { kind: 'app', id: appId }, details: { changed } });
  });
  forgetApp(db, appId);
  return showApp(db, appId);
}

/**
 * Ends an app: from now on nobody can use it, on any node within two seconds, and its id is never given again. What belongs to it
 * is deleted by {@link purgeApps}.
 * @throws AppError `app_unknown`
 */
export async function removeApp(db: Database, by: By, appId: string): Promise<void> {
  await db.orm.em.fork().transactional(async (em) => {
    const which = { id: appId, removedAt: null };
    const changed = APP_ID.test(appId) ? await em.nativeUpdate(App, which, { removedAt: new Date() }) : 0;
    if (changed === 0) throw new AppError('app_unknown', 'unable to remove the app; there is none with this id');
    await audit(em, { appId, by, action: 'app.remove', target: { kind: 'app', id: appId } });
    await endSessionsOfApp(em, appId);
  });
  forgetApp(db, appId);
}

function readChanges(config: Config, input: UpdateApp): UpdateApp {
  const { name, origins, jwksUrl } = input;
  if (name !== undefined && (name.trim() === '' || name.length > NAME_MAX))
    throw refuse('name', `must have 1 to ${String(NAME_MAX)} characters`);
  if (origins && origins.length > ORIGINS_MAX) throw refuse('origins', `must be at most ${String(ORIGINS_MAX)}`);
  const wrong = origins?.find((origin) => !ORIGIN.test(origin) || !URL.canParse(origin.replace('*.', '')));
  if (wrong !== undefined) {
    throw refuse(
      'origins',
      `"${wrong.slice(0, 100)}" is not one; write it like https://shop.example or https://*.shop.example`,
    );
  }
  if (jwksUrl) checkJwksUrl(config, jwksUrl);
  return origins ? { ...input, origins: [...new Set(origins)] } : input;
}

/** Whoever could change it on the way could sign as anybody. */
function checkJwksUrl(config: Config, jwksUrl: string): void {
  try {
    if (checkOutboundUrl(config, jwksUrl).protocol === 'https:' || config.outboundAllowLoopback) return;
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    throw refuse('jwksUrl', error.message);
  }
  throw refuse('jwksUrl', 'must be an https:// address');
}

function refuse(path: string, message: string): AppError {
  return new AppError('invalid_request', `unable to set up the app; ${path}: ${message}`, {
    errors: [{ path, message }],
  });
}

export const toWire = (app: App): AdminApp => ({
  id: app.id,
  name: app.name,
  origins: app.origins,
  noOrigin: app.noOrigin,
  loopback: app.loopback,
  accounts: app.accounts,
  guests: app.guests,
  hostUsers: app.hostUsers,
  jwksUrl: app.jwksUrl,
  settings: settingsOf(app),
  createdAt: app.createdAt.toISOString(),
});
