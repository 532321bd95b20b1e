import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDemo } from './demo.ts';

const SERVER = 'https://chat.example.com:8443';
let demo: Server;
let url: string;

beforeAll(async () => {
  demo = createDemo(SERVER);
  demo.listen(0, '127.0.0.1');
  await once(demo, 'listening');
  url = `http://127.0.0.1:${(demo.address() as AddressInfo).port}`;
});

afterAll(() => {
  demo.close();
});

it.each(['/', '/index.html', '/circle.html'])('serves %s with the two lines, pointing at the server', async (path) => {
  const response = await fetch(url + path);
  const page = await response.text();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page).toContain(`<script type="module" src="${SERVER}/co-talk.js"></script>`);
  expect(page).toMatch(/<co-talk [^>]*app="default"/);
  expect(page).not.toContain('localhost');
});

it('is a careful site: nothing inline, nobody else', async () => {
  const response = await fetch(`${url}/`);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain(`script-src ${SERVER} 'self'`);
  expect(policy).toContain(`connect-src ${SERVER} wss://chat.example.com:8443`);
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
});

it('serves what its pages need', async () => {
  const page = await (await fetch(`${url}/`)).text();
  const files = [...page.matchAll(/(?:src|href)="([\w-]+\.\w+)"/g)].map(([, file]) => file);
  expect(files).toContain('style.css');
  for (const file of files) expect((await fetch(`${url}/${file}`)).status, file).toBe(200);
});

it('serves nothing else', async () => {
  for (const path of ['/nothing', '/package.json', '/%2e%2e/%2e%2e/package.json', '/style.css/']) {
    expect((await fetch(url + path)).status, path).toBe(404);
  }
  expect((await fetch(`${url}/`, { method: 'POST' })).status).toBe(405);
});
