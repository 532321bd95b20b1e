import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../testing.ts';
import { checkAnswers, type AnswerCheck } from '../testing-openapi.ts';
import { FEATURE_DOCS } from './features.ts';

interface Content {
  schema: Record<string, unknown>;
  example?: unknown;
}

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { $ref?: string; content?: Record<string, Content> }>;
}

let app: TestApp;
let check: AnswerCheck;
let operations: { route: string; pointer: string; operation: Operation }[];
beforeAll(async () => {
  app = await startTestApp();
  check = await checkAnswers(app.url);
  operations = Object.entries(check.document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      pointer: `#/paths/${encodeURIComponent(path.replaceAll('/', '~1'))}/${method}`,
      operation: operation as unknown as Operation,
    })),
  );
});
afterAll(() => app.close());

test('the document is OpenAPI 3.1', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(check.document) as never);
  expect(result.errors).toBeUndefined();
  expect([result.valid, validator.version]).toEqual([true, '3.1']);
});

test('every route is described, and nothing else', () => {
  const routes = app.bound.filter((name) => name.includes(' /'));
  expect(operations.map(({ route }) => route).sort()).toEqual([...routes].sort());
  // As listed in features.ts: a description of a route that is not there any more, or twice.
  const described = FEATURE_DOCS.flatMap((feature) => Object.keys(feature.routes));
  expect([...described].sort()).toEqual([...routes].sort());
});

test('every route says what it is for, what it takes and what it answers', () => {
  const problems = operations.flatMap(({ route, operation: { summary, requestBody, responses } }) => [
    ...(summary === '' ? [`${route} has no summary`] : []),
    ...(Object.keys(responses).some((status) => Number(status) < 400) ? [] : [`${route} has no answer`]),
    ...Object.entries(requestBody?.content ?? {}).flatMap(([type, { schema }]) =>
      type !== 'application/json' || '$ref' in schema
        ? []
        : [`${route} takes a body without a name; its validator or its description lacks one`],
    ),
  ]);
  expect(problems).toEqual([]);
});

test('no two routes share an operation id', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
});

test('every example fits', () => {
  const problems = operations.flatMap(({ route, pointer, operation: { requestBody, responses } }) => {
    const bodies = Object.entries(requestBody?.content ?? {}).map(([type, content]) => ({
      at: `${pointer}/requestBody/content/${encodeURIComponent(type.replaceAll('/', '~1'))}/schema`,
      ...content,
    }));
    const answers = Object.entries(responses).flatMap(([status, { content }]) =>
      Object.entries(content ?? {}).map(([type, found]) => ({
        at: `${pointer}/responses/${status}/content/${encodeURIComponent(type.replaceAll('/', '~1'))}/schema`,
        ...found,
      })),
    );
    return [...bodies, ...answers].flatMap(({ at, example }) =>
      example === undefined ? [] : check.at(at, example).map((problem) => `${route} ${at}: ${problem}`),
    );
  });
  expect(problems).toEqual([]);
});

test('every event of the socket is in the guide', () => {
  const root = join(import.meta.dirname, '../..');
  const guide = readFileSync(join(root, 'docs/realtime.md'), 'utf8');
  const [fromClient = '', fromServer = ''] = guide.split('## From the server');
  const told = (part: string) => [...part.matchAll(/^\| `([\w:]+)`/gm)].map(([, name]) => name);
  expect(told(fromClient).sort()).toEqual(app.bound.filter((name) => !name.includes(' /')).sort());
  const types = readFileSync(join(root, 'sdk/protocol/events.ts'), 'utf8');
  const [events = ''] = /interface ServerToClientEvents \{[^]*?\n\}/.exec(types) ?? [];
  expect(told(fromServer).sort()).toEqual(
    [...events.matchAll(/^ {2}'?([\w:]+)'?: \(/gm)].map(([, name]) => name).sort(),
  );
});

test('it is compressed, and sent only where it has changed', async () => {
  const headers = { 'accept-encoding': 'br, gzip' };
  const first = await fetch(`${app.url}/openapi.json`, { headers });
  expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(first.headers.get('content-encoding')).toBe('br');
  expect(first.headers.get('access-control-allow-origin')).toBe('*');
  const etag = first.headers.get('etag') ?? '';
  const again = await fetch(`${app.url}/openapi.json`, { headers: { ...headers, 'if-none-match': etag } });
  expect([again.status, await again.text()]).toEqual([304, '']);
});
