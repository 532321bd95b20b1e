import { commands } from 'vitest/browser';
import { newApp } from './testing-people.ts';

/** A user of a host site, as its server signs them. */
export interface SiteUser {
  sub: string;
  nickname: string;
  email?: string;
}

/** A site with an app of its own and users of its own, whom it signs in the page of the test. */
export interface Site {
  app: string;
  token: (user: SiteUser, seconds?: number) => Promise<string>;
}

const base64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const url = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const encode = (value: unknown) => url(base64(new TextEncoder().encode(JSON.stringify(value)).buffer));

/** An app that lets people in in some ways. */
export async function openSite(ways: { accounts?: boolean; guests?: boolean; host?: boolean } = {}): Promise<Site> {
  const app = await newApp();
  const { accounts = true, guests = false, host = true } = ways;
  const switches = 'update apps set accounts = $2, guests = $3, host_users = $4 where id = $1';
  await commands.query(switches, [app, accounts, guests, host]);
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const spki = base64(await crypto.subtle.exportKey('spki', pair.publicKey));
  const pem = `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`;
  const kid = `k_${crypto.randomUUID().slice(0, 16)}`;
  await commands.query(
    `insert into app_keys (id, app_id, kind, name, public_key, created_at) values ($1, $2, 'public', 'test', $3, now())`,
    [kid, app, pem],
  );
  return {
    app,
    async token(user, seconds = 300) {
      const iat = Math.floor(Date.now() / 1000);
      const text = `${encode({ alg: 'ES256', typ: 'JWT', kid })}.${encode({ aud: app, iat, exp: iat + seconds, ...user })}`;
      const bytes = new TextEncoder().encode(text);
      const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, bytes);
      return `${text}.${url(base64(signature))}`;
    },
  };
}

/** Everything the page shows of the chat, as one text. */
export function drawn(): string {
  const shown: string[] = [];
  const walk = (at: Element | ShadowRoot) => {
    shown.push(at.textContent);
    for (const child of at.querySelectorAll('*')) {
      shown.push(...[...child.attributes].map(({ value }) => value));
      if (child instanceof HTMLInputElement || child instanceof HTMLTextAreaElement) shown.push(child.value);
      if (child.shadowRoot) walk(child.shadowRoot);
    }
  };
  walk(document.body);
  return shown.join('\n');
}

/** What the page shows, what its stores hold, and what the browser keeps, as one text. */
export async function traces(): Promise<string> {
  const held = [...document.querySelectorAll('co-talk')].flatMap(({ client }) => {
    if (!client) return [];
    const { auth, users, friends, rooms, presence } = client;
    return [
      auth.store.get(),
      [...users.store.get()],
      friends.store.get(),
      rooms.store.get(),
      [...presence.store.get()],
    ];
  });
  const stored = [Object.entries(localStorage), Object.entries(sessionStorage), await databases()];
  return `${drawn()}\n${JSON.stringify([held, stored])}`;
}

async function databases(): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name ?? ''));
    for (const store of db.objectStoreNames) {
      const rows = db.transaction(store).objectStore(store);
      all.push(await done(rows.getAllKeys()), await done(rows.getAll()));
    }
    db.close();
  }
  return all;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database did not answer'));
  });
