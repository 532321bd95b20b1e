import type { Services } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../orm.ts';
import type { App } from './app.entity.ts';
import { getApp, loadApps } from './apps.ts';

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
    origin === undefined
      ? `unable to answer; app "${appId}" takes no clients without an origin; switch that on in the console or with: npx co-talk app update ${appId} --no-origin on`
      : `unable to answer; ${shown(origin)} is not an allowed origin of app "${appId}"; add it in the console or with: npx co-talk app update ${appId} --add-origin ${shown(origin)}`,
  );
}

/** What a browser sends as an origin has nothing else in it; what others send is not repeated. */
const shown = (origin: string): string => (/^https?:\/\/[\w.:[\]-]{1,260}$/.test(origin) ? origin : 'this origin');

/** Whether any app at all allows this origin: all that can be known at the WebSocket upgrade, before the token arrives. */
export async function originKnown(db: Database, services: Services, origin: string | undefined): Promise<boolean> {
  const apps = await loadApps(db);
  return apps.some((app) => originAllowed(app, services, origin));
}
