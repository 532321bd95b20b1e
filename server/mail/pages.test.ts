import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Me, SignedIn } from '@co-talk/sdk/protocol';
import { findChromium } from '../../scripts/chromium.mjs';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { startSmtp, tokenIn, type Smtp } from '../testing-mail.ts';

const found = await findChromium();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let app: TestApp;
let smtp: Smtp;
beforeAll(async () => {
  smtp = await startSmtp();
  app = await startTestApp({ SMTP_URL: `smtp://127.0.0.1:${String(smtp.port)}`, MAIL_FROM: 'chat@mail.example.com' });
});
afterAll(async () => {
  await app.close();
  await smtp.close();
});

const mailTo = (person: RawPerson, page: string) =>
  eventually(() => smtp.to(person.user.email ?? '').find(({ text }) => text?.includes(`/account/${page}`)));

async function resetLink(person: RawPerson, language = 'en'): Promise<string> {
  const headers = { 'accept-language': language };
  await app.request('POST', '/auth/password/forgot', { body: { app: 'default', email: person.user.email }, headers });
  const mail = await mailTo(person, 'reset');
  return /\/account\/reset#\S+/.exec(mail.text ?? '')?.[0] ?? '';
}

describe('what the server answers', () => {
  test.each([
    ['/account/reset', 'text/html; charset=utf-8'],
    ['/account/verify', 'text/html; charset=utf-8'],
    ['/account/account.js', 'text/javascript; charset=utf-8'],
    ['/account/texts.js', 'text/javascript; charset=utf-8'],
    ['/account/account.css', 'text/css; charset=utf-8'],
  ])('%s', async (path, type) => {
    const answer = await fetch(app.url + path);
    expect(answer.status).toBe(200);
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      ...{ 'content-type': type, 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' },
      ...{ 'cache-control': 'no-cache', 'cross-origin-resource-policy': 'same-origin' },
    });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
    expect(headers['access-control-allow-origin']).toBeUndefined();
    const again = await fetch(app.url + path, { headers: { 'if-none-match': headers['etag'] ?? '' } });
    expect(again.status).toBe(304);
    const text = await answer.text();
    expect(text).not.toMatch(/<style|<script>|style=|\son\w+=|https?:\/\//i);
  });

  test('nothing else, and nothing for other methods', async () => {
    for (const path of ['/account', '/account/', '/account/reset.html', '/account/../package.json', '/dev/mail'])
      expect([path, (await fetch(app.url + path)).status]).toEqual([path, 404]);
    expect((await fetch(`${app.url}/account/reset`, { method: 'POST' })).status).toBe(404);
  });
});

describe.skipIf(!found)('in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  const complaints: string[] = [];
  const requests: string[] = [];
  beforeAll(async () => {
    const { executablePath, args } = found ?? {};
    browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), ...(args ? { args } : {}) });
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    const foreign = requests.splice(0).filter((url) => !url.startsWith(`${app.url}/`) || url.includes('token'));
    expect({ foreign, complaints: complaints.splice(0) }).toEqual({ foreign: [], complaints: [] });
  });
  afterAll(() => browser.close());

  async function visit(link: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext({ locale: 'en-US', ...options })).newPage();
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // What the server refuses, the browser reports, too.
      const matters = ['error', 'warning'].includes(message.type()) && !/status of 40[04]/.test(message.text());
      if (matters) complaints.push(message.text());
    });
    await page.goto(app.url + link);
    return page;
  }

  const problems = async (page: Page): Promise<string[]> => {
    await page.evaluate(AXE);
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: { id: string }[] }> } };
      return (await axe.run()).violations.map(({ id }) => id);
    });
  };
  const logIn = (person: RawPerson, password: string) =>
    app.request<SignedIn>('POST', '/auth/login', { body: { app: 'default', email: person.user.email, password } });
  const isVerified = async (person: RawPerson) =>
    (await app.request<Me>('GET', '/me', { token: person.token })).body.emailVerified;

  test('a new password is chosen by keyboard alone', async () => {
    const ada = await app.signUpRaw();
    const page = await visit(await resetLink(ada));
    const input = page.getByLabel('New password');
    const alert = page.locator('#problem');
    await input.focus();
    await page.keyboard.press('Enter');
    expect(await alert.innerText()).toBe('Enter a password.');
    await input.pressSequentially('password1');
    await page.keyboard.press('Enter');
    await alert.getByText('not a common one').waitFor();
    expect(await input.inputValue()).toBe('password1');
    expect(await input.getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('password');
    await page.getByRole('button', { name: 'Show' }).press('Space');
    expect(await input.getAttribute('type')).toBe('text');
    await input.fill('a much better donkey');
    await input.press('Enter');
    await page.getByRole('heading', { name: 'Your password is changed' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    expect(page.url()).toBe(`${app.url}/account/reset`);
    expect((await logIn(ada, 'a much better donkey')).status).toBe(200);
    expect(await problems(page)).toEqual([]);
  });

  test('an address is confirmed by pressing the button, not by opening the page', async () => {
    const ada = await app.signUpRaw();
    const token = tokenIn(await mailTo(ada, 'verify'));
    const page = await visit(`/account/verify#token=${token}&lang=ko`);
    const button = page.getByRole('button', { name: '이메일 주소 확인' });
    await button.waitFor();
    expect(await isVerified(ada)).toBe(false);
    expect(await page.title()).toBe('이메일 주소 확인');
    expect(await page.locator('html').getAttribute('lang')).toBe('ko');
    await button.click();
    await page.getByRole('heading', { name: '이메일 주소를 확인했습니다' }).waitFor();
    expect(await isVerified(ada)).toBe(true);
  });

  test('a link that is of no use says what to do', async () => {
    for (const [path, words] of [
      ['/account/reset', 'ask for a new one'],
      ['/account/verify', 'have a new one sent'],
    ] as const) {
      const empty = await visit(path);
      await empty.getByText(words).waitFor();
      expect(await empty.getByRole('button').count()).toBe(0);
      const guessed = await visit(`${path}#token=guessed`);
      if (path === '/account/reset') await guessed.getByLabel('New password').fill('a much better donkey');
      await guessed.locator('button[type=submit]').click();
      await guessed.getByText(words).waitFor();
      expect(await guessed.getByRole('button').count()).toBe(0);
      expect(await problems(guessed)).toEqual([]);
    }
  });

  test('a server that is away is said to be, and asked again', async () => {
    const ada = await app.signUpRaw();
    const page = await visit(await resetLink(ada));
    await page.getByLabel('New password').fill('a much better donkey');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Save the password' }).click();
    await page.getByText('No connection.').waitFor();
    complaints.splice(0);
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Save the password' }).click();
    await page.getByRole('heading', { name: 'Your password is changed' }).waitFor();
  });

  test.each<[string, BrowserContextOptions]>([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone, in Korean', { locale: 'ko-KR', viewport: { width: 320, height: 640 }, isMobile: true }],
    ['in high contrast', { forcedColors: 'active' }],
  ])('is for everybody: %s', async (_name, options) => {
    for (const path of ['/account/reset#token=guessed', '/account/verify#token=guessed', '/account/reset']) {
      const page = await visit(path, options);
      await page.locator('h1').waitFor();
      expect(await problems(page)).toEqual([]);
      const [wide, tall] = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        const buttons = [...document.querySelectorAll('form:not([hidden]) button')];
        return [scrollWidth - clientWidth, Math.min(44, ...buttons.map((one) => one.getBoundingClientRect().height))];
      });
      expect([wide, tall]).toEqual([0, 44]);
    }
  });
});
