import type { ErrorCode } from '@co-talk/sdk/protocol';
import type { z } from 'zod';
import type { Binary } from './wire.ts';

/** What a route is for, next to what its validators say already. */
export interface Doc {
  /** A heading: `List friends`. */
  summary: string;
  /** Markdown: what the summary, the fields and the codes do not tell. */
  notes?: string;
  /** Headers that a client may send, with what they do (Markdown). */
  headers?: Record<string, string>;
  /** By status. `null`: no body. */
  answers: Partial<Record<200 | 201 | 202 | 204 | 302, z.ZodType | Binary | null>>;
  /** The codes of its own; those that all routes of its kind can give come by themselves, `not_found` where there is an id in the path. */
  errors?: ErrorCode[];
  /** For a route that takes one: the name of the protocol's type, and one that is accepted. */
  body?: { name: string; example: unknown };
}

type Route = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

/** The routes of one feature. */
export interface Docs {
  tag: string;
  about: string;
  routes: Record<string, Doc>;
}

/**
 * Describes the routes of a feature, by method and path as they are bound.
 *
 * @example
 * export const blockDocs = docs('Blocks', 'Who may not reach the signed-in user.', {
 *   'GET /blocks': { summary: 'List blocked people', answers: { 200: page(block) } },
 * });
 */
export function docs(tag: string, about: string, routes: Record<Route, Doc>): Docs {
  return { tag, about, routes };
}
