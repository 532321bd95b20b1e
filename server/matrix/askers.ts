import { randomUUID } from 'node:crypto';
import type { RawPerson } from '../testing.ts';

export const WHO = ['member', 'former', 'stranger', 'blocked', 'foreigner', 'anonymous'] as const;
export type Who = (typeof WHO)[number];

/** Those who manage: with a secret key of the people's app, with one of another app, and with the operator key. */
export const KEYS = ['key', 'foreign key', 'operator'] as const;

/** What a request is about, as one of them sees it. */
export interface About {
  owner: RawPerson;
  room: string;
  /** The owner's message in each of the rooms. */
  messages: Record<string, string>;
  /** The member's own: a request to them, one from them, another device of theirs. */
  incoming: string;
  outgoing: string;
  session: string;
}

/** What is sent about it. */
export type Ask = (about: About) => [path: string, body?: unknown];

/**
 * The answers in the order of {@link WHO}, or in a table of what is managed in the order of {@link KEYS}: a status with `!` where
 * the answer names the owner, or the code of the error.
 */
export type Row = [route: string, ask: Ask, ...answers: string[]];

export const page =
  (path: string): Ask =>
  () => [path];

export const text = () => ({ clientId: randomUUID(), text: 'hello' });

export function everybody(answer: string): string[] {
  return WHO.map(() => answer);
}

export function signedIn(answer: string): string[] {
  return WHO.map((who) => (who === 'anonymous' ? 'unauthenticated' : answer));
}

export function onlyTheirs(answer: string): string[] {
  return [answer, 'not_found', 'not_found', 'not_found', 'not_found', 'unauthenticated'];
}

export function membersOnly(answer: string, toBlocked = answer): string[] {
  return [answer, 'not_found', 'not_found', toBlocked, 'not_found', 'unauthenticated'];
}
