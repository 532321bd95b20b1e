import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApi } from './openapi/document.ts';
import type { Answer, TestApp } from './testing.ts';

/** A request, as its route is described. */
export interface Asked {
  /** Of the path, in its order. */
  ids?: string[];
  query?: Record<string, string>;
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export async function askFor<T>(app: TestApp, route: string, asked: Asked): Promise<Answer<T>> {
  const { ids = [], query = {}, ...rest } = asked;
  const [method = '', template = ''] = route.split(' ');
  const given = [...ids];
  const filled = template.replaceAll(/:\w+/g, () => encodeURIComponent(given.shift() ?? ''));
  const path = Object.keys(query).length > 0 ? `${filled}?${new URLSearchParams(query).toString()}` : filled;
  return app.request<T>(method, path, rest);
}

/** Compares what the server answers with what it says that it answers. */
export interface AnswerCheck {
  document: OpenApi;
  /** What is wrong with an answer; nothing where all is as described. `route` is as it is bound: `GET /rooms/:id`. */
  problems: (route: string, answer: { status: number; headers: Headers; body: unknown }) => string[];
  /** What is wrong with a value at a schema of the document, by the schema's JSON pointer. */
  at: (pointer: string, value: unknown) => string[];
}

export async function checkAnswers(url: string): Promise<AnswerCheck> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(closed(document) as OpenApi, 'openapi');
  const compiled = new Map<string, ValidateFunction>();

  const at: AnswerCheck['at'] = (pointer, value) => {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi${pointer}` });
    compiled.set(pointer, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
    );
  };

  return {
    document,
    at,
    problems: (route, { status, headers, body }) => {
      const [method = '', path = ''] = route.split(' ');
      const template = path.replaceAll(/:(\w+)/g, '{$1}');
      const operation = document.paths[template]?.[method.toLowerCase()];
      const responses = operation?.['responses'] as Record<string, Response> | undefined;
      const declared = responses?.[status];
      if (!declared) return [`${route}: ${String(status)} is not among its answers`];
      const pointer =
        declared.$ref ?? `#/paths/${escaped(template)}/${method.toLowerCase()}/responses/${String(status)}`;
      const content = (declared.$ref === undefined ? declared : referred(document, declared.$ref)).content;
      const type = headers.get('content-type')?.split(';')[0] ?? '';
      if (!content) return body === undefined ? [] : [`${route}: ${String(status)} has a body that is not described`];
      if (!(type in content)) return [`${route}: ${String(status)} is ${type}, which is not described`];
      return at(`${pointer}/content/${escaped(type)}/schema`, body).map(
        (problem) => `${route}: ${String(status)}: ${problem}`,
      );
    },
  };
}

interface Response {
  $ref?: string;
  content?: Record<string, unknown>;
}

function referred(document: OpenApi, pointer: string): Response {
  return document.components.responses[pointer.slice('#/components/responses/'.length)] as Response;
}

const escaped = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));

/** The same schemas, but without room for fields that are not described. */
function closed(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(closed);
  const entries = Object.entries(node).map(([key, value]) => [key, key === 'example' ? value : closed(value)] as const);
  const isOpen = 'properties' in node && ('type' in node || '$ref' in node) && !('additionalProperties' in node);
  return Object.fromEntries(isOpen ? [...entries, ['unevaluatedProperties', false]] : entries);
}
