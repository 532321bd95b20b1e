import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AdminApp, AuditEntry, Page as Rows } from '@co-talk/sdk/protocol';
import { button, endServers, OPERATOR, problems, serve, setStage, type Stage } from './testing.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

afterEach(endServers);

describe('an app', () => {
  test('is made, and its page has the lines to paste and the chat itself', async () => {
    const { page, complaints } = await stage.enter('#/apps');
    await button(page, 'New app').click();
    await page.getByLabel('Name', { exact: true }).fill('Tea club');
    await page.getByLabel('App id (optional)').fill('Not An Id');
    await button(page, 'Create app').click();
    await page.getByText('Use 2 to 64 lower-case letters').waitFor();
    expect(await problems(page)).toEqual([]);
    await page.getByLabel('App id (optional)').fill('tea');
    await button(page, 'Create app').click();

    await page.getByRole('heading', { name: 'Tea club' }).waitFor();
    expect(page.url()).toBe(`${stage.url}/console/#/apps/tea`);
    const lines = `<script type="module" src="${stage.url}/co-talk.js"></script>\n<co-talk app="tea"></co-talk>`;
    expect(await page.getByLabel('Lines to paste').innerText()).toBe(lines);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(page, 'Copy').click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(lines);
    await page.getByText('npm', { exact: true }).click();
    expect(await page.getByLabel('Lines to paste').innerText()).toContain('npm install @co-talk/widget');

    const chat = page.frameLocator('iframe');
    // A click would have to scroll two pages at once.
    await chat.getByRole('button', { name: 'Open chat' }).press('Enter');
    await chat.getByLabel('Nickname').waitFor();
    expect(complaints.filter((text) => !text.includes('400 (Bad Request)'))).toEqual([]);
  });

  test('works on a site from when its origin is added', async () => {
    await stage.ask('POST', '/apps', { id: 'shop', name: 'Shop' });
    const site = await serve((_req, res) => {
      res.setHeader('Content-Type', 'text/html');
      res.end(`<script type="module" src="${stage.url}/co-talk.js"></script><co-talk app="shop"></co-talk>`);
    });
    const visitor = await stage.open();
    const visit = async () => {
      await visitor.page.goto(site);
      await visitor.page.getByRole('button', { name: 'Open chat' }).click();
    };
    await visit();
    await visitor.page.getByText(site).waitFor();
    expect(await visitor.page.getByLabel('Nickname').count()).toBe(0);

    const { page } = await stage.enter('#/apps/shop/settings');
    await page.getByText('No site may use this app yet').waitFor();
    const field = page.getByLabel('Add an origin');
    await field.fill('https://*.*');
    await button(page, 'Add').click();
    await page.getByText('That is not an origin.').waitFor();
    // As people paste it: the address of a page.
    await field.fill(`${site}/index.html`);
    await button(page, 'Add').click();
    await page.getByRole('list', { name: 'Allowed origins' }).getByText(site).waitFor();
    await expect
      .poll(async () => (await fetch(`${stage.url}/api/v1/apps/shop/config`, { headers: { origin: site } })).status)
      .toBe(200);
    await visit();
    await visitor.page.getByLabel('Nickname').waitFor();

    await field.fill('https://*.shop.example');
    await button(page, 'Add').click();
    await page.getByText('https://*.shop.example', { exact: true }).waitFor();
    await button(page, `Remove ${site}`).click();
    await expect
      .poll(async () => (await stage.ask<AdminApp>('GET', '/apps/shop')).origins)
      .toEqual(['https://*.shop.example']);
  });

  test('has switches and settings that hold', async () => {
    await stage.ask('POST', '/apps', { id: 'switches', name: 'Switches' });
    const { page } = await stage.enter('#/apps/switches/settings');
    await page.getByRole('switch', { name: 'Guests' }).click();
    await page.getByRole('switch', { name: 'Accounts' }).click();
    await page.getByLabel('Search by e-mail finds').selectOption('exact');
    await page.getByLabel('Characters in a message').fill('200');
    expect(await page.getByLabel('Minutes for which messages can be edited').inputValue()).toBe('15');
    await page.getByLabel('Minutes for which messages can be edited').fill('');
    await button(page.getByRole('region', { name: 'General' }), 'Save').click();
    await page.getByText('Saved.').waitFor();
    expect(await stage.ask('GET', '/apps/switches')).toMatchObject({
      ...{ guests: true, accounts: false, hostUsers: false },
      settings: { emailSearch: 'exact', messageLength: 200, editWindowMinutes: null },
    });
    await page.getByLabel('Key set of your server').fill('ftp://shop.example/keys');
    await button(page.getByRole('region', { name: 'Who takes part' }), 'Save').click();
    await page.getByText('That must be an https:// address').waitFor();
  });

  test('is removed only by its id', async () => {
    await stage.ask('POST', '/apps', { id: 'gone', name: 'Gone' });
    const { page } = await stage.enter('#/apps/gone/settings');
    await button(page, 'Remove this app').click();
    const dialog = page.locator('ct-dialog');
    await dialog.getByLabel('Type gone to confirm').fill('go');
    await dialog.getByRole('button', { name: 'Remove this app' }).click();
    expect(await stage.ask('GET', '/apps/gone')).toMatchObject({ name: 'Gone' });
    await dialog.getByLabel('Type gone to confirm').fill('gone');
    await dialog.getByRole('button', { name: 'Remove this app' }).click();
    await page.getByRole('heading', { name: 'Apps' }).waitFor();
    expect(await page.getByText('Gone', { exact: true }).count()).toBe(0);
  });
});

test('a key is shown once, works, is replaced and revoked', async () => {
  await stage.ask('POST', '/apps', { id: 'keys', name: 'Keys' });
  const asKey = async (secret: string) =>
    (await stage.app.request('GET', '/admin/apps/keys', { token: secret })).status;
  const { page } = await stage.enter('#/apps/keys/keys');
  await button(page, 'New key').click();
  await page.getByLabel('Name', { exact: true }).fill('Server');
  await button(page, 'Create key').click();
  const secret = await page.locator('ct-dialog').getByText(/^sk_/).innerText();
  expect(await problems(page)).toEqual([]);
  expect(await asKey(secret)).toBe(200);
  await button(page, 'I have stored it').click();
  await button(page, 'Rotate: Server').waitFor();
  await page.reload();
  await button(page, 'Rotate: Server').waitFor();
  expect(await page.content()).not.toContain(secret);
  expect(await page.getByText(secret).count()).toBe(0);

  await button(page, 'Rotate: Server').click();
  await page.getByLabel('The old key holds for').selectOption('0');
  await button(page, 'Rotate').click();
  const next = await page.locator('ct-dialog').getByText(/^sk_/).innerText();
  await button(page, 'I have stored it').click();
  expect([await asKey(secret), await asKey(next)]).toEqual([401, 200]);

  await button(page, 'Revoke: Server').click();
  await page.locator('ct-dialog').getByRole('button', { name: 'Cancel' }).click();
  expect(await asKey(next)).toBe(200);
  await button(page, 'Revoke: Server').click();
  await page.locator('ct-dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('No keys yet').waitFor();
  expect(await asKey(next)).toBe(401);
});

test('people are found, shut out, let in, exported and erased', async () => {
  const mallory = await stage.app.signUpRaw('Mallory');
  await stage.app.signUpRaw('Trent');
  const asMallory = async () => (await stage.app.request('GET', '/me', { token: mallory.token })).status;
  const { page } = await stage.enter('#/apps/default/users');
  await page.getByText('Trent').waitFor();
  await page.getByRole('searchbox').fill('mallo');
  await expect.poll(() => page.getByText('Trent').count()).toBe(0);

  const download = page.waitForEvent('download');
  await button(page, 'Export: Mallory').click();
  expect((await download).suggestedFilename()).toBe(`co-talk-user-${mallory.user.id}.json`);

  await button(page, 'Disable: Mallory').click();
  await page.locator('ct-dialog').getByRole('button', { name: 'Disable' }).click();
  await page.getByText('Mallory is disabled.').waitFor();
  expect(await asMallory()).toBe(401);
  await button(page, 'Enable: Mallory').click();
  await page.getByText('Mallory is enabled.').waitFor();

  await button(page, 'Erase: Mallory').click();
  const dialog = page.locator('ct-dialog');
  await dialog.getByLabel('Type Mallory to confirm').fill('Mallory');
  await dialog.getByRole('button', { name: 'Erase' }).click();
  await page.getByText('Nothing found').waitFor();
  const found = await stage.app.request('GET', `/admin/apps/default/users/${mallory.user.id}`, { token: OPERATOR });
  expect(JSON.stringify(found.body)).not.toContain('Mallory');
});

test('what was said is shown when it is asked for, and that is written down', async () => {
  const { one, roomId } = await stage.app.pairRaw();
  const body = { clientId: 'secret', text: 'between us' };
  await stage.app.request('POST', `/rooms/${roomId}/messages`, { token: one.token, body });
  const reads = async () =>
    (await stage.ask<Rows<AuditEntry>>('GET', '/apps/default/audit?action=room')).items.filter(
      ({ target }) => target?.id === roomId,
    ).length;
  const { page } = await stage.enter(`#/apps/default/rooms/${roomId}`);
  await page.getByText(one.user.nickname, { exact: true }).waitFor();
  expect(await page.getByText('between us').count()).toBe(0);
  expect(await reads()).toBe(0);
  await button(page, 'Show the last messages').click();
  await page.getByText('between us').waitFor();
  expect(await reads()).toBe(1);

  await button(page, `Remove this message of ${one.user.nickname}`).click();
  await page.locator('ct-dialog').getByRole('button', { name: 'Remove message' }).click();
  await page.getByText('Deleted', { exact: true }).waitFor();
  const history = await stage.app.request('GET', `/rooms/${roomId}/messages`, { token: one.token });
  expect(JSON.stringify(history.body)).not.toContain('between us');
});

test('a webhook is made, tried and removed, and its deliveries are seen', async () => {
  let heard = 0;
  const site = await serve((_req, res) => {
    heard += 1;
    res.writeHead(heard === 1 ? 500 : 204).end();
  });
  await stage.ask('POST', '/apps', { id: 'hooks', name: 'Hooks' });
  const { page } = await stage.enter('#/apps/hooks/webhooks');
  await button(page, 'New webhook').click();
  await page.getByLabel('Address').fill('ftp://shop.example');
  await button(page, 'Save').click();
  await page.locator('ct-dialog').getByRole('alert').waitFor();
  await page.getByLabel('Address').fill(`${site}/hook`);
  await button(page, 'Save').click();
  await page.getByText(/^whsec_/).waitFor();
  await button(page, 'I have stored it').click();
  await page.getByRole('link', { name: `${site}/hook` }).click();

  await page.getByText('No deliveries').waitFor();
  await button(page, 'Send test event').click();
  await page.getByText('webhook.test').click();
  await page.getByText('500', { exact: true }).waitFor();
  await button(page, 'Send again').click();
  await page.locator('summary').getByText('Delivered').waitFor();
  expect(heard).toBe(2);
  expect(await problems(page)).toEqual([]);

  await button(page, 'Remove').click();
  await page.locator('ct-dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('No webhooks yet').waitFor();
});

test('the audit log is filtered and saved as a file', async () => {
  await stage.ask('POST', '/apps', { id: 'log', name: 'Log' });
  await stage.ask('POST', '/apps/log/keys', { kind: 'secret', name: '=SUM(1)' });
  const { page } = await stage.enter('#/apps/log/audit');
  await page.getByText('App created', { exact: true }).waitFor();
  await page.getByLabel('What').selectOption('Keys');
  await expect.poll(() => page.getByText('App created', { exact: true }).count()).toBe(0);
  await page.getByText('Key created', { exact: true }).waitFor();
  const download = page.waitForEvent('download');
  await button(page, 'CSV').click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
  const [head, ...rows] = Buffer.concat(chunks).toString().trim().split('\r\n');
  expect(head).toBe('id,createdAt,app,byKind,byId,action,targetKind,targetId,details');
  expect(rows).toHaveLength(1);
  expect(rows[0]).toContain(',log,operator,operator,key.create,key,k_');
});

test('figures move by themselves', async () => {
  const { page } = await stage.enter();
  const connections = page.locator('li', { hasText: 'Connections' });
  const { token } = await stage.app.signUpRaw();
  const before = Number(await connections.locator('.value').innerText());
  const socket = await stage.app.connect(token);
  await expect
    .poll(async () => Number(await connections.locator('.value').innerText()), { timeout: 8_000 })
    .toBe(before + 1);
  socket.close();
});

test('the address says what is shown: links go deep, and back goes back', async () => {
  const { page } = await stage.enter('#/apps/default/settings');
  await page.getByRole('heading', { name: 'Allowed origins' }).waitFor();
  await page.getByRole('link', { name: 'Audit log' }).first().click();
  await page.getByLabel('What').waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Allowed origins' }).waitFor();
  await page.goto(`${stage.url}/console/#/nowhere/at/all`);
  await page.getByText('There is nothing here').waitFor();
  await page.goto(`${stage.url}/console/#/apps/none`);
  await page.getByText('There is no app with this id.').waitFor();
});

test('a name is text, wherever it is shown', async () => {
  const name = '<img src=x onerror=alert(1)>';
  await stage.ask('POST', '/apps', { id: 'hostile', name });
  const { page, complaints } = await stage.enter('#/apps');
  await page.getByText(name).waitFor();
  await page.goto(`${stage.url}/console/#/apps/hostile/settings`);
  await page.getByRole('heading', { name }).waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(complaints).toEqual([]);
});
