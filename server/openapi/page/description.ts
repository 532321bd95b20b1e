/** What the page reads of a description (OpenAPI 3.1). */
export interface Description {
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, Response>;
    securitySchemes: Record<string, { description: string }>;
  };
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, unknown>[];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Record<string, Content> };
  responses: Record<string, Response>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Schema;
  example?: unknown;
}

export interface Response {
  $ref?: string;
  description: string;
  content?: Record<string, Content>;
}

interface Content {
  schema: Schema;
  example?: unknown;
}

/** A JSON Schema, as far as it is shown. */
export interface Schema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  examples?: unknown[];
}

/** An operation with where it stands. */
export interface Entry {
  id: string;
  method: string;
  path: string;
  operation: Operation;
  /** What a search looks into, in lower case. */
  words: string;
}

/** All operations, in the order in which they are described. */
export function entriesOf({ paths }: Description): Entry[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { operationId: id, summary, description = '', tags } = operation;
      const words = [method, path, id, summary, description, ...tags, withoutExamples(operation)]
        .join(' ')
        .toLowerCase();
      return { id, method: method.toUpperCase(), path, operation, words };
    }),
  );
}

/** As text to be searched: names, types and codes. */
export function withoutExamples(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (/^examples?$/.test(key) ? undefined : inner));
}

/** The name at the end of `#/components/…/Name`. */
export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** Whether all words of a search are there. */
export function matches(words: string, query: string): boolean {
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}
