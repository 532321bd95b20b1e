import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AdminApp } from '@co-talk/sdk/protocol';
import { writeConsoleCookie } from '../server/apps/console-cookie.ts';
import { button, endServers, OPERATOR, problems, serve, setStage, signIn, type Stage } from './testing.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

afterEach(endServers);

async function sessionCookie(): Promise<string> {
  const { headers } = await stage.app.request('POST', '/admin/session', { body: { key: OPERATOR } });
  return headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

describe('the page', () => {
  test.each([
    ['/console/', "frame-ancestors 'none'"],
    ['/console', "frame-ancestors 'none'"],
    ['/console/preview', "frame-ancestors 'self'"],
  ])('%s runs nothing inline and nothing of others', async (path, frames) => {
    const response = await fetch(`${stage.url}${path}`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(response.status).toBe(200);
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "require-trusted-types-for 'script'",
        frames,
      ]),
    );
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const html = await response.text();
    expect(html).not.toMatch(/<style|style=|<script(?![^>]* src="\/)/);
  });

  test('is in nobody’s frame', async () => {
    const site = await serve((_req, res) => res.end(`<iframe src="${stage.url}/console/"></iframe>`));
    const { page, complaints } = await stage.open();
    complaints.length = 0;
    await page.goto(site);
    await expect.poll(() => complaints.join()).toContain('frame-ancestors');
    expect(await page.frameLocator('iframe').getByLabel('Operator key').count()).toBe(0);
  });
});

describe('signing in', () => {
  test('takes the operator key and nothing else, and leaves no key behind', async () => {
    const { page } = await stage.open();
    await page.getByLabel('Operator key').fill('guessed');
    await button(page, 'Sign in').click();
    await page.getByText('This is not the operator key.').waitFor();
    expect(await problems(page)).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);

    await signIn(page);
    const [cookie, ...others] = await page.context().cookies(`${stage.url}/api/v1/admin`);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/v1/admin' });
    expect(others).toEqual([]);
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
    expect(kept).not.toContain(OPERATOR);
    expect(kept).not.toContain(cookie?.value);
  });

  test('over https the cookie goes nowhere else', () => {
    const cookie = writeConsoleCookie('value', 'https://chat.example');
    expect(cookie.split('; ')).toEqual(expect.arrayContaining(['Secure', 'HttpOnly', 'SameSite=Strict']));
  });

  test('ends by signing out, on the server, too', async () => {
    const { page } = await stage.enter();
    const [{ name, value } = { name: '', value: '' }] = await page.context().cookies(`${stage.url}/api/v1/admin`);
    await button(page, 'Sign out').click();
    await page.getByLabel('Operator key').waitFor();
    expect(await page.context().cookies()).toEqual([]);
    const headers = { cookie: `${name}=${value}`, 'x-co-talk-console': '1' };
    expect((await stage.app.request('GET', '/admin/session', { headers })).status).toBe(401);
  });

  test('that has ended in the meantime is told, and signing in again carries on there', async () => {
    const { page } = await stage.enter('#/apps/default/keys');
    await page.getByText('No keys yet').waitFor();
    await stage.app.db.orm.em.fork().execute('delete from operator_sessions');
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByText('You were signed out. Sign in to carry on.').waitFor();
    await signIn(page);
    await page.getByText('Everybody who has come to this app.').waitFor();
  });
});

describe('requests that others forge', () => {
  test.each([
    ['without the header of the console', {}],
    ['from another origin', { 'x-co-talk-console': '1', origin: 'https://evil.example' }],
    ['from no origin at all', { 'x-co-talk-console': '1', origin: 'null' }],
    ['from another port of the same host', { 'x-co-talk-console': '1', origin: 'http://127.0.0.1:1' }],
  ])('%s are nobody’s', async (_what, headers) => {
    const cookie = await sessionCookie();
    const own = await stage.app.request('GET', '/admin/apps', { headers: { cookie, 'x-co-talk-console': '1' } });
    expect(own.status).toBe(200);
    const body = { name: 'Forged' };
    const forged = await stage.app.request('POST', '/admin/apps', { headers: { cookie, ...headers }, body });
    expect(forged.status).toBe(401);
    expect((await stage.ask<{ items: AdminApp[] }>('GET', '/apps')).items.map(({ name }) => name)).not.toContain(
      'Forged',
    );
  });

  test('of a page in the same browser, on the same host, do not get through', async () => {
    const { page } = await stage.enter();
    const evil = await serve((_req, res) => res.end('<title>Evil</title>'));
    const other = await page.context().newPage();
    await other.goto(evil);
    const outcomes = await other.evaluate(async (target) => {
      const ask = (init: RequestInit) =>
        fetch(`${target}/api/v1/admin/apps`, { credentials: 'include', ...init }).then(
          (response) => response.status,
          () => 'refused',
        );
      const headers = { 'Content-Type': 'application/json', 'X-Co-Talk-Console': '1' };
      return [
        await ask({ method: 'POST', headers, body: '{"name":"Forged"}' }),
        await ask({ method: 'POST', mode: 'no-cors', body: '{"name":"Forged"}' }),
        await ask({ method: 'GET' }),
      ];
    }, stage.url);
    // What is sent without asking first gets an answer that nobody can read: status 0.
    expect(outcomes).toEqual(['refused', 0, 'refused']);
    expect((await stage.ask<{ items: AdminApp[] }>('GET', '/apps')).items.map(({ name }) => name)).not.toContain(
      'Forged',
    );
  });
});
