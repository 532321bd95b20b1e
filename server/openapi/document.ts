import { z } from 'zod';
import { ERRORS, type ErrorCode, type Problem } from '@co-talk/sdk/protocol';
import { VERSION } from '../version.ts';
import type { BoundRoute } from './collect.ts';
import type { Doc, Docs } from './docs.ts';
import { convert, withWords, type JsonSchema } from './json-schema.ts';
import { operation, template } from './operation.ts';
import { wire } from './wire.ts';

/** An OpenAPI 3.1 document, as far as it is looked into here. */
export interface OpenApi {
  openapi: string;
  info: Record<string, unknown>;
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Record<string, unknown>>>;
  components: { schemas: Record<string, JsonSchema>; responses: Record<string, unknown> } & Record<string, unknown>;
}

const ABOUT = `Everything below is under \`/api/v1\`, JSON in and out. Times are ISO 8601 in UTC, ids are UUIDs, lists come in pages: pass
\`next\` back as \`?cursor=\`.

Every failure is \`application/problem+json\` with a \`code\` to branch on. Unknown ids, ids of another app and what one may not see
answer alike: \`not_found\`. Fields that are not described are refused in a request; ignore those that you do not know in an answer, for
that is how answers grow.

New messages and all other changes come over Socket.IO: see docs/realtime.md.`;

const problem = wire<Problem>().named(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.enum(Object.keys(ERRORS) as ErrorCode[]),
    retryable: z.boolean(),
    retryAfterMs: z.int().min(0).optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
);

const SECURITY = {
  user: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The access token of a session.' },
  secretKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'A secret key of the app (`sk_`), for its own things. Never in a page.',
  },
  operatorKey: { type: 'http', scheme: 'bearer', description: 'The key of the operator, for all apps.' },
  console: {
    type: 'apiKey',
    in: 'cookie',
    name: 'co_talk_console',
    description: 'The session of the console, with the header `X-Co-Talk-Console: 1`.',
  },
};

/** A route that a feature has bound, and what is said about it. */
interface Entry {
  route: BoundRoute;
  doc: Doc;
  tag: string;
  key: string;
}

/** What is said of a route that nobody has described: a test finds it. */
const UNKNOWN: Doc = { summary: '', answers: {} };

/** Describes all routes that are bound, those of `features` first and in their order. */
export function createDocument(bound: BoundRoute[], features: Docs[]): OpenApi {
  const described = features.flatMap(({ tag, routes }) =>
    Object.entries(routes).map(([key, doc]) => [key, { doc, tag }] as const),
  );
  const docs = new Map(described);
  const places = new Map(described.map(([key], place) => [key, place]));
  const entries = bound
    .map((route): Entry => {
      const key = `${route.method.toUpperCase()} ${route.path}`;
      return { route, key, ...(docs.get(key) ?? { doc: UNKNOWN, tag: 'Other' }) };
    })
    .sort((a, b) => (places.get(a.key) ?? Infinity) - (places.get(b.key) ?? Infinity));
  const answers = convert({ problem, ...answerSchemas(entries) }, 'output');
  const bodies = convert(bodySchemas(entries), 'input');
  const queries = querySchemas(entries);
  const asked = convert(queries, 'input');
  const read = convert(queries, 'output');
  const schemas = Object.fromEntries(
    Object.entries({ ...bodies.schemas, ...bodies.components, ...answers.components })
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => [name, withWords(name, schema)]),
  );
  const responses: Record<string, unknown> = {};
  const paths: OpenApi['paths'] = {};
  for (const { route, doc, tag, key } of entries) {
    const query = { schema: read.schemas[key] ?? {}, required: asked.schemas[key]?.required ?? [] };
    const own = Object.fromEntries(
      Object.keys(doc.answers).flatMap((status) => {
        const schema = answers.schemas[answerKey(key, status)];
        return schema ? [[status, schema]] : [];
      }),
    );
    const path = (paths[template(route.path)] ??= {});
    path[route.method] = operation({ route, doc, tag, answers: own, query }, schemas, responses);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Co-Talk',
      version: VERSION,
      summary: 'A complete chat for any web site, on a backend you own.',
      description: ABOUT,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api/v1' }],
    tags: features.map(({ tag, about }) => ({ name: tag, description: about })),
    paths,
    components: {
      securitySchemes: SECURITY,
      headers: { 'Retry-After': { description: 'Seconds to wait before trying again.', schema: { type: 'integer' } } },
      schemas,
      responses,
    },
  } as OpenApi;
}

const answerKey = (key: string, status: string) => `${status} ${key}`;

function answerSchemas(entries: Entry[]): Record<string, z.ZodType> {
  return Object.fromEntries(
    entries.flatMap(({ key, doc }) =>
      Object.entries(doc.answers).flatMap(([status, answer]) =>
        answer instanceof z.ZodType ? [[answerKey(key, status), answer] as const] : [],
      ),
    ),
  );
}

function bodySchemas(entries: Entry[]): Record<string, z.ZodType> {
  return Object.fromEntries(
    entries.flatMap(({ route, doc }) =>
      doc.body && route.body?.schema ? [[doc.body.name, route.body.schema] as const] : [],
    ),
  );
}

function querySchemas(entries: Entry[]): Record<string, z.ZodType> {
  return Object.fromEntries(
    entries.flatMap(({ key, route }) => (route.query?.schema ? [[key, route.query.schema] as const] : [])),
  );
}
