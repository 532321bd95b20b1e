import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Me, MessagePage, Problem, SignedIn } from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type TestApp } from '../testing.ts';
import { updateApp } from '../testing-host.ts';

const DAY_MS = 86_400_000;

async function visit(app: TestApp): Promise<SignedIn> {
  return (await app.request<SignedIn>('POST', '/auth/guest', { body: { app: 'default' } })).body;
}

/** What time will do. */
async function age(app: TestApp, { user }: SignedIn, days: { created: number; seen?: number; session?: number }) {
  const [created, seen, session] = [days.created, days.seen, days.session ?? days.created].map((ago) =>
    ago === undefined ? null : new Date(Date.now() - ago * DAY_MS),
  );
  const em = app.db.orm.em.fork();
  await em.execute('update sessions set last_used_at = ? where user_id = ?', [session, user.id]);
  await em.execute('update users set created_at = ?, last_seen_at = ? where id = ?', [created, seen, user.id]);
}

const kindOf = async (app: TestApp, id: string): Promise<string> => {
  const [row] = await app.db.orm.em.fork().execute<{ kind: string }[]>('select kind from users where id = ?', [id]);
  return row?.kind ?? 'none';
};

test('guests who were not seen for a month are erased, by one of the nodes; what they wrote stays', async () => {
  const app = await startTestApp({}, { guestsEveryMs: 20 });
  const node = await startTestApp({ DATABASE_URL: app.config.databaseUrl ?? '' }, { guestsEveryMs: 20 });
  try {
    const friend = await app.signUpRaw();
    const [gone, ...others] = await Promise.all(Array.from({ length: 25 }, () => visit(app)));
    if (!gone) throw new Error('nobody');
    const [seen, using, newer, upgraded] = await Promise.all(Array.from({ length: 4 }, () => visit(app)));
    if (!seen || !using || !newer || !upgraded) throw new Error('nobody');
    const token = gone.session.accessToken;
    const room = await app.request<{ id: string }>('POST', '/rooms', {
      token,
      body: { type: 'direct', userId: friend.user.id },
    });
    const path = `/rooms/${room.body.id}/messages`;
    await app.request('POST', path, { token, body: { clientId: randomUUID(), text: 'I was here' } });
    const body = { email: `${randomUUID()}@example.com`, password: 'k3j9!xqz-horse', nickname: 'stays' };
    await app.request('POST', '/me/upgrade', { token: upgraded.session.accessToken, body });

    await age(app, seen, { created: 90, seen: 29 });
    await age(app, using, { created: 90, seen: 40, session: 1 });
    await age(app, newer, { created: 29 });
    await age(app, upgraded, { created: 90 });
    for (const one of [gone, ...others]) await age(app, one, { created: 90, seen: 31 });

    await eventually(async () => {
      const kinds = await Promise.all([gone, ...others].map(({ user }) => kindOf(app, user.id)));
      return kinds.every((kind) => kind === 'deleted');
    });
    const history = await eventually(async () => {
      const page = (await app.request<MessagePage>('GET', path, { token: friend.token })).body;
      return page.items.length > 0 && page.items.every(({ text }) => text === '') ? page : null;
    });
    expect(history.users.find(({ id }) => id === gone.user.id)).toMatchObject({ kind: 'deleted' });
    expect((await app.request<Problem>('GET', '/me', { token })).body.code).toBe('session_ended');
    for (const one of [seen, using, newer]) {
      const me = await app.request<Me>('GET', '/me', { token: one.session.accessToken });
      expect(me.body).toMatchObject({ id: one.user.id, kind: 'guest' });
    }
    expect(await kindOf(app, upgraded.user.id)).toBe('account');
    const audited = await app.db.orm.em
      .fork()
      .execute<{ times: number }[]>(
        `select count(*)::int as times from audit_log where action = 'user.erase' and by_id = 'guest-retention' group by target_id`,
      );
    expect(audited.map(({ times }) => times)).toEqual(Array(25).fill(1));
  } finally {
    await node.close();
    await app.close();
  }
});

test('an app keeps its guests for as long as it says', async () => {
  const app = await startTestApp({}, { guestsEveryMs: 20 });
  try {
    await updateApp(app, 'default', { settings: { guestRetentionDays: 60 } });
    const [kept, gone] = [await visit(app), await visit(app)];
    await age(app, kept, { created: 59 });
    await age(app, gone, { created: 61 });
    await eventually(async () => (await kindOf(app, gone.user.id)) === 'deleted');
    expect(await kindOf(app, kept.user.id)).toBe('guest');
  } finally {
    await app.close();
  }
});
