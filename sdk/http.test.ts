import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, beforeAll, describe, expect, test } from 'vitest';
import { CoTalkError } from './errors.ts';
import { createHttp, send } from './http.ts';

/** A server, or what stands before one, that answers as the test says. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`);
  answer(request, response);
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const problem = (response: ServerResponse, status: number, code: string, more = {}, headers = {}) => {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(
    JSON.stringify({
      type: 'about:blank',
      title: '',
      status,
      detail: `unable; ${code}`,
      code,
      retryable: status >= 429,
      ...more,
    }),
  );
};
const ok = (response: ServerResponse, body: unknown) => response.writeHead(200).end(JSON.stringify(body));

function open() {
  const scope = new AbortController();
  let refreshed = 0;
  const http = createHttp(url, {
    access: () => Promise.resolve({ token: `token ${refreshed}`, signal: scope.signal }),
    refresh: () => Promise.resolve(`token ${(refreshed += 1)}`),
  });
  return { http, scope, refreshed: () => refreshed };
}

test('a problem becomes an error with everything in it', async () => {
  answer = (_request, response) =>
    problem(response, 400, 'invalid_request', { errors: [{ path: 'text', message: 'must not be empty' }] });
  const failed = open().http.call('POST', '/rooms', { body: {} });
  await expect(failed).rejects.toBeInstanceOf(CoTalkError);
  await expect(failed).rejects.toMatchObject({
    code: 'invalid_request',
    status: 400,
    retryable: false,
    message: 'unable; invalid_request',
    errors: [{ path: 'text', message: 'must not be empty' }],
  });
});

test.each([
  [502, true],
  [404, false],
  [429, true],
])('an answer %i of something in between is a network error', async (status, retryable) => {
  answer = (_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Gateway</h1>');
  await expect(open().http.call('POST', '/rooms')).rejects.toMatchObject({ code: 'network', status, retryable });
});

test('a connection that breaks is a network error with its cause', async () => {
  answer = (request) => request.socket.destroy();
  const error: unknown = await open()
    .http.call('GET', '/me')
    .catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'network', status: 0, retryable: true });
  expect((error as CoTalkError).cause).toBeInstanceOf(Error);
});

test('an expired token is refreshed once, and the call made again', async () => {
  answer = (request, response) =>
    request.headers.authorization === 'Bearer token 0'
      ? problem(response, 401, 'token_expired')
      : ok(response, { id: 1 });
  const { http, refreshed } = open();
  expect(await http.call('GET', '/me')).toEqual({ id: 1 });
  expect(refreshed()).toBe(1);
  expect(asked).toHaveLength(2);
});

test('a token that stays refused is not refreshed for ever', async () => {
  answer = (_request, response) => problem(response, 401, 'unauthenticated');
  const { http, refreshed } = open();
  await expect(http.call('GET', '/me')).rejects.toMatchObject({ code: 'unauthenticated', status: 401 });
  expect(refreshed()).toBe(1);
});

describe('told to come back later', () => {
  test('a read does so once by itself', async () => {
    answer = (_request, response) => {
      if (asked.length === 1) problem(response, 429, 'rate_limited', {}, { 'retry-after': '1' });
      else ok(response, { items: [] });
    };
    const start = Date.now();
    expect(await open().http.call('GET', '/rooms')).toEqual({ items: [] });
    expect(Date.now() - start).toBeGreaterThanOrEqual(990);
  });

  test('a change does not, and carries the time in milliseconds', async () => {
    answer = (_request, response) => problem(response, 429, 'rate_limited', {}, { 'retry-after': '2' });
    await expect(open().http.call('POST', '/rooms')).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 2_000,
    });
    expect(asked).toHaveLength(1);
  });

  test('a long wait is left to the caller', async () => {
    answer = (_request, response) => problem(response, 503, 'overloaded', { retryAfterMs: 60_000 });
    await expect(open().http.call('GET', '/rooms')).rejects.toMatchObject({ code: 'overloaded', retryAfterMs: 60_000 });
  });
});

test('an answer for somebody who signed out meanwhile is given to nobody', async () => {
  const { http, scope } = open();
  answer = (_request, response) => {
    scope.abort();
    ok(response, { secret: true });
  };
  const applied: unknown[] = [];
  const failed = http.call('GET', '/rooms', { apply: (secret) => applied.push(secret) });
  await expect(failed).rejects.toMatchObject({ code: 'closed', retryable: false });
  expect(applied).toEqual([]);
});

test('queries are encoded, what is undefined is left out, 204 is nothing', async () => {
  answer = (_request, response) => response.writeHead(204).end();
  const query = { q: 'ä & b', cursor: undefined, limit: 5 };
  expect(await send(url, { method: 'GET', path: '/users', query })).toBeUndefined();
  expect(asked[0]).toBe('GET /api/v1/users?q=%C3%A4+%26+b&limit=5 ');
});

test('a server that does not answer is given up after 10 s', async () => {
  answer = () => undefined;
  const start = Date.now();
  await expect(open().http.call('POST', '/rooms')).rejects.toMatchObject({ code: 'timeout', retryable: true });
  expect(Date.now() - start).toBeGreaterThanOrEqual(9_900);
});
