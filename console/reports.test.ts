import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdminUser, AuditEntry, Message, Page as Rows, ReportedMessage } from '@co-talk/sdk/protocol';
import type { Page } from 'playwright-core';
import type { RawPerson } from '../server/testing.ts';
import { problems, setStage, type Stage } from './testing.ts';
import { readReason } from './reports.ts';
import { englishLocalizer } from './localize.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

interface Reported {
  message: Message;
  author: RawPerson;
  reporter: RawPerson;
}

async function send(from: RawPerson, roomId: string, text: string): Promise<Message> {
  const body = { clientId: randomUUID(), text };
  return (await stage.app.request<Message>('POST', `/rooms/${roomId}/messages`, { token: from.token, body })).body;
}

/** Something that one person has written and the other one reported, between two other things that were said. */
async function report(text: string, reason: string): Promise<Reported> {
  const { one: author, other: reporter, roomId } = await stage.app.pairRaw();
  await send(reporter, roomId, 'said before');
  const message = await send(author, roomId, text);
  await send(reporter, roomId, 'said after');
  const path = `/rooms/${roomId}/messages/${message.id}/report`;
  await stage.app.request('POST', path, { token: reporter.token, body: { reason } });
  return { message, author, reporter };
}

const card = (page: Page, { author }: Reported) =>
  page.getByRole('article', { name: `Reported message of ${author.user.nickname}` });
const resolved = async ({ message }: Reported) =>
  (await stage.ask<Rows<ReportedMessage>>('GET', '/apps/default/reports?state=resolved')).items.find(
    ({ reports }) => reports[0]?.messageId === message.id,
  )?.reports[0]?.resolution;
const audited = async (action: string) =>
  (await stage.ask<Rows<AuditEntry>>('GET', `/apps/default/audit?action=${action}`)).items;

test('an app that nobody has complained in says so', async () => {
  await stage.ask('POST', '/apps', { id: 'quiet', name: 'Quiet' });
  const { page } = await stage.enter('#/apps/quiet/reports');
  await page.getByText('Nothing to look at').waitFor();
  await page.getByRole('link', { name: 'Resolved', exact: true }).click();
  await page.getByText('Nothing resolved yet').waitFor();
  expect(page.url()).toBe(`${stage.url}/console/#/apps/quiet/reports/resolved`);
  expect(await problems(page)).toEqual([]);
});

describe('a reported message', () => {
  test('shows what it says, who has reported it and why, and what was said around it only when asked for', async () => {
    const one = await report('buy <b>kettles</b>', 'harassment: every day');
    const { page, complaints } = await stage.enter('#/apps/default/reports');
    const it = card(page, one);
    await it.getByText('buy <b>kettles</b>').waitFor();
    await it.getByText('Harassment', { exact: true }).waitFor();
    await it.getByText('every day', { exact: true }).waitFor();
    await it.getByText(one.reporter.user.nickname).first().waitFor();
    await it.getByText('1 report', { exact: true }).waitFor();
    expect(await page.getByText('said before').count()).toBe(0);
    const looked = (await audited('room.read')).length;
    await it.getByRole('button', { name: 'Show the conversation' }).click();
    await it.getByText('said before').waitFor();
    await it.getByText('said after').waitFor();
    expect((await audited('room.read')).length).toBe(looked + 1);
    expect((await audited('report.read')).length).toBeGreaterThan(0);
    expect(await problems(page)).toEqual([]);
    expect(await it.getByRole('link', { name: 'Open the room' }).getAttribute('href')).toBe(
      `#/apps/default/rooms/${one.message.roomId}`,
    );
    expect(complaints).toEqual([]);
  });

  test('is dismissed, and then among the resolved ones', async () => {
    const one = await report('harmless', 'spam');
    const { page } = await stage.enter('#/apps/default/reports');
    await card(page, one).getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('Dismissed: the message stays.').waitFor();
    await expect.poll(() => card(page, one).count()).toBe(0);
    expect(await resolved(one)).toBe('dismissed');
    await page.getByRole('link', { name: 'Resolved', exact: true }).click();
    await card(page, one).getByText('Dismissed', { exact: true }).waitFor();
    expect(await card(page, one).getByRole('button', { name: 'Dismiss' }).count()).toBe(0);
    expect(await problems(page)).toEqual([]);
  });

  test('is removed once somebody has said yes, and its author shut out', async () => {
    const one = await report('really rude', 'harm');
    const { page } = await stage.enter('#/apps/default/reports');
    await card(page, one)
      .getByRole('button', { name: `Disable: ${one.author.user.nickname}` })
      .click();
    await page.locator('ct-dialog').getByRole('button', { name: 'Disable', exact: true }).click();
    await card(page, one).getByText('Disabled', { exact: true }).waitFor();
    expect(await stage.ask<AdminUser>('GET', `/apps/default/users/${one.author.user.id}`)).toMatchObject({
      disabled: true,
    });
    await card(page, one).getByRole('button', { name: 'Remove message' }).click();
    expect(await resolved(one)).toBeUndefined();
    await page.locator('ct-dialog').getByRole('button', { name: 'Remove message' }).click();
    await page.getByText('The message is removed.').waitFor();
    await expect.poll(() => card(page, one).count()).toBe(0);
    expect(await resolved(one)).toBe('removed');
    await page.goto(`${stage.url}/console/#/apps/default/reports/resolved`);
    await card(page, one).getByText('Message removed', { exact: true }).waitFor();
    expect(await page.getByText('really rude').count()).toBe(0);
    await page.goto(`${stage.url}/console/#/apps/default/audit`);
    await page.getByText('Report resolved').first().waitFor();
  });

  test('that somebody else has resolved meanwhile goes from the list, with a word', async () => {
    const one = await report('a race', 'spam');
    const { page } = await stage.enter('#/apps/default/reports');
    await card(page, one).waitFor();
    const { items } = await stage.ask<Rows<ReportedMessage>>('GET', '/apps/default/reports?limit=100');
    const { id } = items.find(({ message }) => message?.id === one.message.id) ?? { id: '' };
    await stage.ask('POST', `/apps/default/reports/${id}/resolve`, { resolution: 'dismissed' });
    await card(page, one).getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('Somebody has resolved this already.').waitFor();
    await expect.poll(() => card(page, one).count()).toBe(0);
  });

  test('that is decided by keyboard hands the focus to the next one', async () => {
    const [first, second] = [await report('first in line', 'spam'), await report('second in line', 'spam')];
    const { page } = await stage.enter('#/apps/default/reports');
    await card(page, first).getByRole('button', { name: 'Dismiss' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => card(page, first).count()).toBe(0);
    const focused = () =>
      page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at?.getAttribute('aria-label');
      });
    await expect.poll(focused).toBe(`Reported message of ${second.author.user.nickname}`);
  });
});

test('more than a page is shown page by page', async () => {
  await stage.ask('POST', '/apps', { id: 'busy', name: 'Busy' });
  await stage.app.db.orm.em.fork().execute(
    `insert into reports (id, app_id, room_id, message_id, seq, author_id, reporter_id, reason, created_at)
     select gen_random_uuid(), 'busy', gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid(), gen_random_uuid(), 'reason ' || n, now()
     from generate_series(1, 23) n`,
  );
  const { page } = await stage.enter('#/apps/busy/reports');
  await page.getByRole('button', { name: 'Show more' }).waitFor();
  expect(await page.getByRole('article').count()).toBe(20);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => page.getByRole('article').count()).toBe(23);
});

test.each([
  ['spam', 'Spam', ''],
  ['harm: with words', 'Hate, violence or sexual content', 'with words'],
  ['spammers everywhere', null, 'spammers everywhere'],
  ['toString', null, 'toString'],
  ['', null, ''],
])('the reason %j is read', (reason, label, words) => {
  expect(readReason(reason, englishLocalizer.s)).toEqual({ label, words });
});
