/** Where the loader leaves the server it came from, for elements that name none. */
export const SERVER_KEY = 'co-talk.server';

/** The server the script tag names; empty where the widget came another way. */
export function scriptServer(): string {
  const server: unknown = Reflect.get(globalThis, Symbol.for(SERVER_KEY));
  return typeof server === 'string' ? server : '';
}
