/** The parts of an app's page. */
export const TABS = ['overview', 'settings', 'keys', 'users', 'rooms', 'reports', 'webhooks', 'audit'] as const;
export type Tab = (typeof TABS)[number];

/** What the address shows. It is behind the `#`, so that the server serves one page and the back button works. */
export type Route =
  | { at: 'figures' | 'apps' | 'audit' | 'nowhere' }
  | { at: 'app'; appId: string; tab: Tab; /** A room or a webhook; `resolved` among reports. */ id: string | null };

/** `#/apps/shop/rooms/0199…` */
export function readRoute(hash: string): Route {
  let parts: string[];
  try {
    parts = hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return { at: 'nowhere' };
  }
  const [first, appId, name = 'overview', id = null, ...rest] = parts;
  if (first === undefined) return { at: 'figures' };
  if (parts.length === 1 && (first === 'apps' || first === 'audit')) return { at: first };
  const tab = TABS.find((known) => known === name);
  if (first !== 'apps' || appId === undefined || !tab || rest.length > 0) return { at: 'nowhere' };
  return { at: 'app', appId, tab, id };
}

/** The address of a part of the console, for `href`. */
export const link = (...parts: string[]): string => `#/${parts.map(encodeURIComponent).join('/')}`;
