import { toError } from './errors.ts';
import { send } from './http.ts';
import type { StoredSession } from './stored-session.ts';
import type { CookieSession, Refreshed, Session } from './protocol/index.ts';

type Asked = Pick<StoredSession, 'sessionId' | 'refreshToken'>;

/** The next tokens of a session. One without a refresh token here has it in a cookie. */
export async function refreshSession(
  server: string,
  { sessionId, refreshToken }: Asked,
  signal?: AbortSignal,
): Promise<Session | CookieSession> {
  const body = refreshToken ? { refreshToken } : { sessionId };
  const call = { method: 'POST', path: '/auth/refresh', body, cookie: !refreshToken } as const;
  const answer = await send<Refreshed<Session | CookieSession>>(server, signal ? { ...call, signal } : call);
  return answer.session;
}

/** Ends a session on the server that is over here. Rejects where the server cannot be told. */
export async function revokeSession(server: string, session: StoredSession): Promise<void> {
  const { accessToken, refreshToken } = session;
  try {
    const call = { method: 'POST', path: '/auth/logout', cookie: !refreshToken } as const;
    await send(server, { ...call, token: accessToken }).catch(async (error: unknown) => {
      if (accessToken && toError(error).code !== 'token_expired') throw error;
      await send(server, { ...call, token: (await refreshSession(server, session)).accessToken });
    });
  } catch (error) {
    // 401: it was over there too.
    if (toError(error).status !== 401) throw error;
  }
}
