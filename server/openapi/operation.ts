import { ERRORS, type ErrorCode } from '@co-talk/sdk/protocol';
import type { Validator } from '../validate.ts';
import type { Access, BoundRoute } from './collect.ts';
import type { Doc } from './docs.ts';
import { exampleOf } from './example.ts';
import type { JsonSchema } from './json-schema.ts';
import { Binary } from './wire.ts';
import { WORDS } from './words.ts';

type Json = Record<string, unknown>;

/** A route with all that is known of it. */
export interface Described {
  route: BoundRoute;
  doc: Doc;
  tag: string;
  /** By the names of {@link keysOf}. */
  answers: Record<string, JsonSchema>;
  query: { schema: JsonSchema; required: string[] };
}

/** Who may ask, as OpenAPI says it, and the codes with which others are refused. */
const ACCESS: Record<Access, { security: Record<string, []>[]; errors: ErrorCode[] }> = {
  open: { security: [], errors: ['app_unknown', 'origin_not_allowed'] },
  on: {
    security: [{ user: [] }],
    errors: ['unauthenticated', 'token_expired', 'session_ended', 'origin_not_allowed'],
  },
  admin: {
    security: [{ secretKey: [] }, { operatorKey: [] }, { console: [] }],
    errors: ['unauthenticated', 'forbidden', 'not_found', 'app_unknown'],
  },
  operator: {
    security: [{ operatorKey: [] }, { console: [] }],
    errors: ['unauthenticated', 'forbidden'],
  },
  bare: { security: [], errors: [] },
};

const ALWAYS: ErrorCode[] = ['invalid_request', 'rate_limited', 'internal', 'overloaded'];
const WITH_BODY: ErrorCode[] = ['too_large', 'unsupported_media'];

const SUCCESS: Record<string, string> = {
  200: 'Done.',
  201: 'Created.',
  202: 'Accepted.',
  204: 'Done; there is nothing to say.',
  302: 'Elsewhere.',
};

/** `GET /rooms/:id/members` as a name: `getRoomsByIdMembers`. */
export function operationId(method: string, path: string): string {
  const words = path.split('/').flatMap((part) => (part.startsWith(':') ? ['by', part.slice(1)] : part.split(/\W/)));
  return method + words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

/** `/rooms/:id` as OpenAPI writes it: `/rooms/{id}`. */
export function template(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

/** One operation of the description. Errors that have the same codes are shared in `responses`. */
export function operation(
  { route, doc, tag, answers, query }: Described,
  components: Record<string, JsonSchema>,
  responses: Json,
): Json {
  const parameters = [...pathParameters(route.path), ...queryParameters(query), ...headerParameters(doc)];
  return {
    operationId: operationId(route.method, route.path),
    tags: [tag],
    summary: doc.summary,
    ...(doc.notes === undefined ? {} : { description: doc.notes }),
    security: ACCESS[route.access].security,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: { required: !takesNothing(route.body), content: bodyOf(route, doc) } } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(doc.answers).map(([status, answer]) => [
          status,
          { description: SUCCESS[status], ...contentOf(answer, answers[status], components) },
        ]),
      ),
      ...errorResponses(codesOf(route, doc), responses),
    },
  };
}

/** A form with a file in it; what else it may have, the route's notes say. */
const FORM = {
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', contentMediaType: 'application/octet-stream' },
    clientId: { type: 'string' },
    durationMs: { type: 'integer' },
    waveform: { type: 'string' },
  },
};

function bodyOf({ binary, streamed }: BoundRoute, { body }: Doc): Json {
  if (streamed) return { 'multipart/form-data': { schema: FORM } };
  if (binary) return Object.fromEntries(binary.map((type) => [type, { schema: {} }]));
  return { 'application/json': jsonOf(body) };
}

function jsonOf(body: Doc['body']): Json {
  return body ? { schema: { $ref: `#/components/schemas/${body.name}` }, example: body.example } : { schema: {} };
}

function takesNothing(validate: Validator<unknown>): boolean {
  try {
    validate(undefined);
    return true;
  } catch {
    return false;
  }
}

function contentOf(answer: unknown, schema: JsonSchema | undefined, components: Record<string, JsonSchema>): Json {
  if (answer instanceof Binary) {
    return { content: Object.fromEntries(answer.types.map((type) => [type, { schema: {} }])) };
  }
  if (!schema) return {};
  return { content: { 'application/json': { schema, example: exampleOf(schema, components) } } };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: isId(name) ? { type: 'string', format: 'uuid' } : { type: 'string' },
    ...(name === 'appId' ? { example: 'default' } : {}),
  }));
}

function isId(name: string): boolean {
  return name.toLowerCase().endsWith('id') && name !== 'appId';
}

function queryParameters({ schema, required }: Described['query']): Json[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: property,
    ...(typeof property === 'object' && property.type === 'array' ? { style: 'form', explode: false } : {}),
  }));
}

function headerParameters({ headers = {} }: Doc): Json[] {
  return Object.entries(headers).map(([name, description]) => ({
    ...{ name, in: 'header', required: false, description },
    schema: { type: 'string' },
  }));
}

/** All codes that a route can answer with. */
function codesOf(route: BoundRoute, doc: Doc): ErrorCode[] {
  const codes = [
    ...ALWAYS,
    ...ACCESS[route.access].errors,
    ...(route.body ? WITH_BODY : []),
    ...(/:(?!appId)\w*id\b/i.test(route.path) ? (['not_found'] as const) : []),
    ...(doc.errors ?? []),
  ];
  return Object.keys(ERRORS).filter((code): code is ErrorCode => codes.includes(code as ErrorCode));
}

function errorResponses(codes: ErrorCode[], responses: Json): Json {
  const statuses = [...new Set(codes.map((code) => ERRORS[code].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const same = codes.filter((code) => ERRORS[code].status === status);
      const name = same.join('.');
      responses[name] ??= errorResponse(same);
      return [status, { $ref: `#/components/responses/${name}` }];
    }),
  );
}

function errorResponse(codes: ErrorCode[]): Json {
  const retryable = codes.some((code) => ERRORS[code].retryable);
  const [first = 'internal'] = codes;
  return {
    description: codes.map((code) => `\`${code}\`: ${WORDS['ERRORS']?.[code] ?? code}`).join('\n\n'),
    ...(retryable ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } } : {}),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem', properties: { code: { enum: codes } } },
        example: {
          type: 'about:blank',
          title: first.replaceAll('_', ' '),
          status: ERRORS[first].status,
          detail: 'unable to do this; the reason stands here',
          code: first,
          retryable: ERRORS[first].retryable,
        },
      },
    },
  };
}
