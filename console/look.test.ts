import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '@co-talk/sdk/protocol';
import { button, problems, setStage, type Stage } from './testing.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

describe.each([
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['on a phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }],
] as const)('every view, %s', (_look, options) => {
  test('has nothing that axe finds wrong, fits its width, and speaks Korean', async () => {
    const { one, other, roomId } = await stage.app.pairRaw();
    const { body } = await stage.app.request<Message>('POST', `/rooms/${roomId}/messages`, {
      token: one.token,
      body: { clientId: 'a', text: 'hello' },
    });
    await stage.app.request('POST', `/rooms/${roomId}/messages/${body.id}/report`, {
      token: other.token,
      body: { reason: 'spam: too long a word for any phone '.padEnd(200, 'o') },
    });
    await stage.ask('POST', '/apps/default/keys', { kind: 'signing', name: 'Server' });
    const views = ['', 'apps', 'audit', 'apps/default'];
    for (const tab of ['settings', 'keys', 'users', 'rooms', `rooms/${roomId}`, 'reports', 'webhooks', 'audit'])
      views.push(`apps/default/${tab}`);
    const { page, complaints } = await stage.enter('#/', options);
    await page.getByLabel('Language').selectOption('한국어');
    await page.getByRole('navigation', { name: '메뉴' }).waitFor();
    for (const view of views) {
      await page.goto(`${stage.url}/console/#/${view}`);
      await expect.poll(() => page.locator('.bone').count()).toBe(0);
      expect([view, await problems(page)]).toEqual([view, []]);
      expect([view, await page.evaluate(() => document.documentElement.scrollWidth - innerWidth <= 0)]).toEqual([
        view,
        true,
      ]);
    }
    expect(complaints).toEqual([]);
  });
});

test('everything can be done by keyboard, and a dialog gives the focus back', async () => {
  const { page } = await stage.enter('#/apps');
  const focused = () =>
    page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at?.textContent.trim() ?? at?.id;
    });
  await button(page, 'New app').focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Name', { exact: true }).waitFor();
  await page.keyboard.type('By keyboard');
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('By keyboard');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  expect(await focused()).toBe('New app');
});
