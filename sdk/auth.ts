import { CoTalkError, closedError, toError } from './errors.ts';
import { send } from './http.ts';
import type { Http } from './http.ts';
import type { Identity } from './identity.ts';
import type { SessionKeeper } from './session.ts';
import type { SessionStorage } from './session-storage.ts';
import { revokeSession } from './session-calls.ts';
import { toStored } from './stored-session.ts';
import type { HostClaims, StoredSession } from './stored-session.ts';
import type { Store } from './store.ts';
import type {
  CookieSession,
  EraseMe,
  ErasureReport,
  Id,
  Me,
  Page,
  ResetPassword,
  SessionInfo,
  SignedIn,
  UpdateMe,
  Upgrade,
  UserExport,
} from './protocol/index.ts';

/**
 * Says who is here: resolves with a token that the site's server has signed, or with `null` for nobody. It is asked at the start,
 * when a session has ended by itself, and by {@link Auth.identify}. One that rejects, or takes longer than 10 s, is asked again
 * after 1 s, 2 s, 4 s … 60 s.
 *
 * @example
 * const tokenProvider: TokenProvider = async () => {
 *   const answer = await fetch('/chat-token', { method: 'POST' });
 *   return answer.status === 401 ? null : answer.text();
 * };
 */
export type TokenProvider = () => string | null | Promise<string | null>;

/**
 * `restoring`: nobody knows yet who is here: the stored session is being read, or the token provider asked · `failed`: the token
 * provider or the exchange of its token has failed, the `error` event has said why, and it is tried again · `me` is `null` unless
 * `signed-in`.
 */
export interface AuthState {
  status: 'restoring' | 'failed' | 'signed-out' | 'signed-in';
  me: Me | null;
}

/** Accounts and the session of this device. Every method rejects with a {@link CoTalkError}. */
export interface Auth {
  readonly store: Store<AuthState>;

  /**
   * Makes an account and signs in.
   *
   * `nickname` has 2 to 20 characters as people count them, `password` 8 to 128.
   *
   * Rejects with `invalid_email`, `weak_password`, `invalid_nickname`, `email_taken`, `nickname_taken`, `app_unknown`,
   * `rate_limited`, `network` or `timeout`.
   *
   * @example
   * const me = await client.auth.signUp({ email: 'mina@example.com', password: 'correct horse', nickname: 'Mina' });
   */
  signUp(input: { email: string; password: string; nickname: string }): Promise<Me>;

  /**
   * Signs in. Somebody else who is signed in here is signed out first.
   *
   * Rejects with `unauthenticated` (wrong e-mail address or password, never told apart), `app_unknown`, `rate_limited`,
   * `network` or `timeout`.
   *
   * @example
   * await client.auth.logIn({ email: 'mina@example.com', password: 'correct horse' });
   */
  logIn(input: { email: string; password: string }): Promise<Me>;

  /**
   * Signs in somebody whom the site's server vouches for, with the token that it has signed. Whoever else was signed in is signed
   * out before the server is asked. The same user of the site goes on with the session there is; if their name, picture or address
   * in the token is another, the server learns of it.
   *
   * Rejects with `unauthenticated` (not signed by a key of this app), `token_expired`, `sign_in_disabled` (the app takes no
   * users of the site), `app_unknown`, `origin_not_allowed`, `rate_limited`, `network`, `timeout`, or `closed` where somebody was
   * signed in or out meanwhile. Nobody is signed in then, or the same user still is.
   *
   * @example
   * await client.auth.signInWithToken(await (await fetch('/chat-token', { method: 'POST' })).text());
   */
  signInWithToken(userToken: string): Promise<Me>;

  /**
   * Asks the token provider who is here, as after a sign-in, a switch or a sign-out on the site; with an argument, that one from
   * now on. Resolves with whoever is signed in then. `null` for a provider, or from it, signs out whom the site has signed
   * in; own accounts and guests stay. While it is asked, whoever was here is shown for a second at most.
   *
   * Rejects with `provider_failed` and with what {@link signInWithToken} rejects with. The `error` event has the same error,
   * `store` says `failed`, and it is tried again.
   *
   * @example
   * site.onUserChange(() => client.auth.identify());
   */
  identify(tokenProvider?: TokenProvider | null): Promise<Me | null>;

  /**
   * Signs in somebody without an account, for this device alone: once they sign out, nobody can sign in as this guest again. Without
   * a nickname, the server makes a friendly one up.
   *
   * Rejects with `sign_in_disabled` (the app takes no guests), `invalid_nickname`, `app_unknown`, `origin_not_allowed`,
   * `rate_limited`, `network` or `timeout`.
   *
   * @example
   * await client.auth.signInAsGuest({ nickname: 'Mina' });
   */
  signInAsGuest(input?: { nickname?: string }): Promise<Me>;

  /**
   * Makes an account of the guest who is signed in, with the same id, rooms and friends. They stay signed in here.
   *
   * Rejects with `conflict` (not a guest), `sign_in_disabled` (the app takes no accounts), what {@link signUp} rejects with,
   * or `unauthenticated`.
   *
   * @example
   * await client.auth.upgrade({ email: 'mina@example.com', password: 'correct horse', nickname: 'Mina' });
   */
  upgrade(input: Upgrade): Promise<Me>;

  /**
   * Signs out: every store is emptied before this returns, unsent messages are erased, then the server ends the session.
   * Resolves also when the server cannot be told; the `error` event then says why.
   *
   * @example
   * await client.auth.logOut();
   */
  logOut(): Promise<void>;

  /**
   * The devices that are signed in, this one among them.
   *
   * Rejects with `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * const others = (await client.auth.sessions()).filter((session) => !session.current);
   */
  sessions(): Promise<SessionInfo[]>;

  /**
   * Signs another device out.
   *
   * Rejects with `not_found` (no such session of this user), `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * await client.auth.endSession(session.id);
   */
  endSession(id: Id): Promise<void>;

  /**
   * Changes one's own profile; what is left out stays. `about` has at most 100 characters, `null` removes it.
   *
   * Rejects with `invalid_nickname`, `nickname_taken`, `invalid_request`, `network` or `timeout`.
   *
   * @example
   * await client.auth.updateMe({ about: 'On holiday until Monday' });
   */
  updateMe(input: UpdateMe): Promise<Me>;

  /**
   * Uploads one's own picture: JPEG, PNG or WebP of at most 256 KB and 4096 × 4096 pixels, of which the middle is kept as a square
   * of 256. `null` removes it.
   *
   * Rejects with `unsupported_media`, `too_large`, `forbidden` (a picture that the host site gives), `overloaded`, `network` or
   * `timeout`.
   *
   * @example
   * await client.auth.setAvatar(input.files[0]);
   */
  setAvatar(image: Blob | null): Promise<Me>;

  /**
   * Everything that is kept of oneself: profile, devices, friends, requests, blocks, rooms and the messages one has written.
   *
   * Rejects with `overloaded`, `network` or `timeout` (10 s).
   *
   * @example
   * const file = new Blob([JSON.stringify(await client.auth.exportMe())], { type: 'application/json' });
   */
  exportMe(): Promise<UserExport>;

  /**
   * Erases oneself for good: nothing of the person is left on the server, and nothing here. Accounts say their password.
   *
   * Rejects with `invalid_request` (the password is not right), `rate_limited`, `overloaded`, `network` or `timeout`; after the
   * last two it may have happened.
   *
   * @example
   * const { removed } = await client.auth.eraseMe({ password: 'correct horse' });
   */
  eraseMe(input?: EraseMe): Promise<ErasureReport>;

  /**
   * Has a link for a new password mailed, where there is an account with this address: whether there is, nobody is told.
   * The link works once, within 30 minutes, and leads to a page of the server.
   *
   * Rejects with `invalid_email`, `not_available` (the server sends no mail), `app_unknown`, `rate_limited`, `network` or
   * `timeout`.
   *
   * @example
   * await client.auth.forgotPassword({ email: 'mina@example.com' });
   */
  forgotPassword(input: { email: string }): Promise<void>;

  /**
   * Sets a new password with the token of a mailed link, and signs that user out everywhere. For hosts with a page of their
   * own; the server's page needs no call.
   *
   * Rejects with `not_found` (used, expired or unknown), `weak_password`, `rate_limited`, `network` or `timeout`.
   *
   * @example
   * await client.auth.resetPassword({ token, password: 'a new horse battery' });
   */
  resetPassword(input: ResetPassword): Promise<void>;

  /**
   * Confirms an e-mail address with the token of a mailed link. `me.emailVerified` turns true on all devices of the user.
   *
   * Rejects with `not_found` (expired or unknown), `rate_limited`, `network` or `timeout`.
   *
   * @example
   * await client.auth.verifyEmail(token);
   */
  verifyEmail(token: string): Promise<void>;

  /**
   * Mails the signed-in user another link that confirms their e-mail address, at most five in an hour.
   *
   * Rejects with `conflict` (verified already, or no account of their own), `not_available` (the server sends no mail),
   * `rate_limited`, `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * if (!client.auth.store.get().me?.emailVerified) await client.auth.sendVerification();
   */
  sendVerification(): Promise<void>;
}

export interface AuthDeps {
  server: string;
  app: string;
  /** The refresh token is to be in a cookie. */
  cookie: boolean;
  tokenProvider: TokenProvider | null | undefined;
  storage: SessionStorage;
  http: Http;
  session: SessionKeeper;
  onError: (error: CoTalkError) => void;
}

export function createAuth({ server, app, cookie, tokenProvider, storage, http, session, onError }: AuthDeps) {
  /** Whoever has signed in on this device is not counted among those who guess their password. Outlives the session; says not who. */
  const deviceKey = `co-talk:${server}:${app}:device`;
  let provider = tokenProvider;
  /** Wishes for who is to be here are numbered. One that comes true after a later one has is dropped. */
  let wishes = 0;
  let granted = 0;
  let identity: Identity | undefined;
  let loading: Promise<Identity> | undefined;

  const post = <T>(path: string, body: object) => send<T>(server, { method: 'POST', path, body });
  const revoke = (left: StoredSession | null) =>
    left ? revokeSession(server, left).catch((error: unknown) => onError(toError(error))) : Promise.resolve();

  async function signIn(path: string, input: object, wish = ++wishes, host?: HostClaims): Promise<Me> {
    const body = { app, ...input };
    const answer = await send<SignedIn<CookieSession>>(server, { method: 'POST', path, body, cookie });
    if (wish < granted) {
      void revoke(toStored(answer.user, answer.session));
      throw closedError();
    }
    granted = wish;
    if (answer.device) void storage.set(deviceKey, answer.device);
    void revoke(session.start(answer, host));
    return answer.user;
  }

  /** Most pages have no users of their own: what deals with these is fetched when it is needed. */
  function load(): Promise<Identity> {
    return (loading ??= import('./identity.ts').then(
      ({ createIdentity }) =>
        (identity = createIdentity({
          session,
          ask: () => provider?.() ?? null,
          asks: () => !!provider,
          wish: () => ++wishes,
          late: (wish) => wish < granted,
          forget(known, wish) {
            granted = wish;
            session.forget(known);
            void revoke(known);
          },
          exchange: (userToken, host, wish) => signIn('/auth/exchange', { userToken }, wish, host),
          onError,
        })),
      (cause: unknown) => {
        loading = undefined;
        const error = new CoTalkError('network', 'unable to load a part of the chat; check the connection', { cause });
        session.hide('failed');
        onError(error);
        throw error;
      },
    ));
  }

  const auth: Auth = {
    store: session.store,
    signUp: ({ email, password, nickname }) => signIn('/auth/signup', { email, password, nickname }),
    async logIn({ email, password }) {
      const wish = ++wishes;
      // Whatever else is stored there must keep nobody out.
      const device = /^[\w.-]{1,200}$/.exec((await storage.get(deviceKey)) ?? '')?.[0];
      return signIn('/auth/login', { email, password, device }, wish);
    },
    async signInWithToken(userToken) {
      const wish = ++wishes;
      return (await load()).become(userToken, wish);
    },
    async identify(next) {
      const wish = ++wishes;
      if (next !== undefined) provider = next;
      return (await load()).identify(wish);
    },
    signInAsGuest: ({ nickname } = {}) => signIn('/auth/guest', { nickname }),
    async upgrade({ email, password, nickname }) {
      const body = { email, password, nickname };
      const apply = (answer: SignedIn<CookieSession>) => void revoke(session.start(answer));
      return (await http.call<SignedIn<CookieSession>>('POST', '/me/upgrade', { body, cookie, apply })).user;
    },
    async logOut() {
      granted = ++wishes;
      const shown = session.end('logout', true);
      // Somebody may be stored whom the site has not said anything about.
      const hidden = shown ? null : await session.known();
      if (hidden) session.forget(hidden);
      await revoke(shown ?? hidden);
    },
    sessions: async () => (await http.call<Page<SessionInfo>>('GET', '/me/sessions')).items,
    endSession: (id) => http.call('DELETE', `/me/sessions/${id}`),
    updateMe: (input) => http.call<Me>('PATCH', '/me', { body: input, apply: (me) => session.setMe(me) }),
    setAvatar: (image) =>
      http.call<Me>(image ? 'PUT' : 'DELETE', '/me/avatar', {
        body: image ?? undefined,
        apply: (me) => session.setMe(me),
      }),
    exportMe: () => http.call('GET', '/me/export'),
    async eraseMe(body = {}) {
      // Not as a call of the session: that is over before the answer comes.
      const { token } = await session.access();
      const report = await send<ErasureReport>(server, { method: 'DELETE', path: '/me', body, token });
      await auth.logOut();
      return report;
    },
    forgotPassword: ({ email }) => post('/auth/password/forgot', { app, email }),
    resetPassword: ({ token, password }) => post('/auth/password/reset', { token, password }),
    verifyEmail: (token) => post('/auth/email/verify', { token }),
    sendVerification: () => http.call('POST', '/me/email/verification'),
  };

  return {
    auth,
    /** The site has not said yet whether the one who is stored is here. */
    async doubt(): Promise<void> {
      const wish = ++wishes;
      // What has failed is told, and tried again.
      await load()
        .then((loaded) => loaded.start(wish))
        .catch(() => undefined);
    },
    /** The session has ended by itself. */
    lost: () => identity?.lost(),
    close: () => identity?.close(),
  };
}
