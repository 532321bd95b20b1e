import type { Store } from './store.ts';
import type { Id, Me, SessionInfo, UpdateMe } from './protocol/index.ts';

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
}
