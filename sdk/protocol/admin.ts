import type { Time } from './users.ts';

/** What an app's owner can change beside its ways to sign in. */
export interface AppSettings {
  /** How people search by e-mail address finds: parts of it, the whole address only, or never. */
  emailSearch: 'partial' | 'exact' | 'off';
  /** Days after which a guest who was not seen again is removed. */
  guestRetentionDays: number;
  /** Accounts can be used only once their e-mail address is confirmed. */
  requireVerifiedEmail: boolean;
  /** Graphemes in a message, at most the server's own limit; `null` is that limit. */
  messageLength: number | null;
  /** Minutes for which people may change what they have sent; 0: never, `null`: always. */
  editWindowMinutes: number | null;
  /** Bytes of an uploaded file, at most `LIMITS.fileBytes`; 0: the app takes no files. */
  fileBytes: number;
  /** Bytes of all files of one person, and of the app. */
  fileBytesPerUser: number;
  fileBytesPerApp: number;
}

/** An app as those see it who manage it. */
export interface AdminApp {
  /** Public: the `app` attribute of the tag. */
  id: string;
  name: string;
  /** Exact origins of the pages that may use it, and the form `https://*.example.com`. */
  origins: string[];
  /** Clients that send no `Origin`, such as native apps and servers, may use it. */
  noOrigin: boolean;
  /** Any loopback origin may use it, outside production. */
  loopback: boolean;
  /** People sign up here, with e-mail address and password. */
  accounts: boolean;
  guests: boolean;
  /** The site's own server says who somebody is. */
  hostUsers: boolean;
  /** Where the site publishes the public keys of the tokens it signs. */
  jwksUrl: string | null;
  settings: AppSettings;
  createdAt: Time;
}

/** Body of `POST /admin/apps`. Without an `id`, one is made up. */
export interface CreateApp extends Partial<UpdateApp> {
  id?: string;
  name: string;
}

/** Body of `PATCH /admin/apps/:appId`: what is left out stays. */
export interface UpdateApp {
  name?: string;
  origins?: string[];
  noOrigin?: boolean;
  accounts?: boolean;
  guests?: boolean;
  hostUsers?: boolean;
  jwksUrl?: string | null;
  settings?: Partial<AppSettings>;
}

/**
 * `secret`: an `sk_` key, for the site's server to call this API · `signing`: a `uk_` secret, with which it signs who somebody is
 * (HS256) · `public`: the public half of a key it signs with (EdDSA, ES256).
 */
export type AppKeyKind = 'secret' | 'signing' | 'public';

/** A key of an app, without its secret. */
export interface AppKey {
  /** The `kid` of what is signed with it. */
  id: string;
  kind: AppKeyKind;
  name: string;
  /** PEM, of a `public` key. */
  publicKey: string | null;
  createdAt: Time;
  lastUsedAt: Time | null;
  /** It holds until then: it was replaced. */
  expiresAt: Time | null;
}

/** Body of `POST /admin/apps/:appId/keys`. */
export interface CreateKey {
  kind: AppKeyKind;
  name: string;
  /** PEM (SPKI), for a `public` key and for it alone. */
  publicKey?: string;
}

/** Body of `POST /admin/apps/:appId/keys/:keyId/rotate`. */
export interface RotateKey {
  /** Hours for which the old key still holds: 0 to 720. */
  overlapHours: number;
  /** PEM (SPKI) of the new key, for a `public` key and for it alone. */
  publicKey?: string;
}

/** A new key. `secret` is shown this once; `null` for a `public` key. */
export interface CreatedKey extends AppKey {
  secret: string | null;
}

/** Something that was done with power over others. No texts, no secrets. */
export interface AuditEntry {
  id: string;
  /** `null`: it concerns the whole installation. */
  appId: string | null;
  by: { kind: 'operator' | 'key' | 'user' | 'system'; id: string };
  /** `app.update`, `user.disable` … */
  action: string;
  target: { kind: string; id: string } | null;
  details: Record<string, string | number | boolean | null>;
  createdAt: Time;
}

/** Body of `POST /admin/session`: the operator signs in to the console. */
export interface OperatorSignIn {
  key: string;
}

/** Answer to `GET /admin/session`: the operator is signed in to the console. */
export interface OperatorSession {
  operator: true;
  /** The server's own address: where pages load the chat from. */
  server: string;
}
