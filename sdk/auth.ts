import { toError } from './errors.ts';
import type { CoTalkError } from './errors.ts';
import { send } from './http.ts';
import type { Http } from './http.ts';
import type { SessionKeeper } from './session.ts';
import type { StoredSession } from './stored-session.ts';
import type { Store } from './store.ts';
import type { Id, Me, Page, Refreshed, ResetPassword, SessionInfo, SignedIn, UpdateMe } from './protocol/index.ts';

/** `restoring`: the stored session is still being read. `me` is `null` unless `signed-in`. */
export interface AuthState {
  status: 'restoring' | 'signed-out' | 'signed-in';
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
  http: Http;
  session: SessionKeeper;
  onError: (error: CoTalkError) => void;
}

export function createAuth({ server, app, http, session, onError }: AuthDeps): Auth {
  const post = <T>(path: string, body: object) => send<T>(server, { method: 'POST', path, body });

  async function signIn(path: string, input: object): Promise<Me> {
    const answer = await post<SignedIn>(path, { app, ...input });
    const left = session.start(answer);
    if (left) void revoke(left);
    return answer.user;
  }

  /** Ends a session on the server that is over here. */
  async function revoke({ accessToken, refreshToken }: StoredSession): Promise<void> {
    const end = (token: string) => send(server, { method: 'POST', path: '/auth/logout', token });
    try {
      await end(accessToken).catch(async (error: unknown) => {
        if (toError(error).code !== 'token_expired') throw error;
        const { session } = await post<Refreshed>('/auth/refresh', { refreshToken });
        await end(session.accessToken);
      });
    } catch (error) {
      const known = toError(error);
      // 401: it was over there too.
      if (known.status !== 401) onError(known);
    }
  }

  return {
    store: session.store,
    signUp: ({ email, password, nickname }) => signIn('/auth/signup', { email, password, nickname }),
    logIn: ({ email, password }) => signIn('/auth/login', { email, password }),
    async logOut() {
      const left = session.end('logout', true);
      if (left) await revoke(left);
    },
    sessions: async () => (await http.call<Page<SessionInfo>>('GET', '/me/sessions')).items,
    endSession: (id) => http.call('DELETE', `/me/sessions/${id}`),
    updateMe: (input) => http.call<Me>('PATCH', '/me', { body: input, apply: (me) => session.setMe(me) }),
    forgotPassword: ({ email }) => post('/auth/password/forgot', { app, email }),
    resetPassword: ({ token, password }) => post('/auth/password/reset', { token, password }),
    verifyEmail: (token) => post('/auth/email/verify', { token }),
    sendVerification: () => http.call('POST', '/me/email/verification'),
  };
}
