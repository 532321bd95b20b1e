import axe from 'axe-core';
import { css, html, LitElement, render, type TemplateResult } from 'lit';
import type { LocalMessage, Message, Presence, Room, SentMessage, UnsentMessage, User } from '@co-talk/sdk';
import type { InnerEvent, InnerEventMap } from './events.ts';
import { base } from './styles.ts';
import { tokens } from './tokens.ts';

/** A piece of a page as `<co-talk>` would give it to its components: the same reset, tokens and font. */
class Stage extends LitElement {
  static override styles = [
    base,
    tokens,
    css`
      .root {
        all: initial;
        display: flex;
        flex-direction: column;
        inline-size: 376px;
        block-size: 600px;
        font-family: sans-serif;
        font-size: 14px;
        line-height: 20px;
        background: var(--ct-surface);
        color: var(--ct-text);
      }
    `,
  ];

  static override properties = { content: { attribute: false }, dark: { attribute: false } };
  declare content: TemplateResult;
  declare dark: boolean;

  constructor() {
    super();
    this.content = html``;
    this.dark = false;
  }

  protected override render() {
    return html`<div class="root ${this.dark ? 'dark' : ''}">${this.content}</div>`;
  }
}

if (!customElements.get('co-talk-stage')) customElements.define('co-talk-stage', Stage);

/** Put a component on a page and wait until it has drawn. `again` draws it with other properties. */
export async function show<T extends HTMLElement>(
  content: TemplateResult,
  o: { dark?: boolean; dir?: 'ltr' | 'rtl'; as?: new () => T } = {},
): Promise<{ element: T; again: (next: TemplateResult) => Promise<void>; stage: HTMLElement }> {
  clear();
  document.documentElement.lang = 'en';
  document.documentElement.dir = o.dir ?? 'ltr';
  document.title = 'Test';
  const main = document.createElement('main');
  document.body.append(main);
  const draw = async (next: TemplateResult) => {
    render(html`<co-talk-stage .content=${next} .dark=${o.dark ?? false}></co-talk-stage>`, main);
    await settle();
  };
  await draw(content);
  const stage = main.querySelector<HTMLElement>('co-talk-stage');
  const element = stage?.shadowRoot?.querySelector<T>('.root > *');
  if (!stage || !element) throw new Error('unable to show the component; it drew nothing');
  return { element, again: draw, stage };
}

/** Take everything off the page. */
export function clear(): void {
  for (const main of document.querySelectorAll('main, co-talk')) main.remove();
}

/** Wait until rendering, measuring and scrolling have come to rest. */
export async function settle(frames = 4): Promise<void> {
  for (let i = 0; i < frames; i++) await new Promise(requestAnimationFrame);
  await new Promise((resolve) => setTimeout(resolve));
}

/** Wait until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, what = 'the condition'): Promise<void> {
  const end = performance.now() + 8000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`unable to see ${what}; 8 s are over`);
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
}

/** What axe finds wrong: one line each, so that a failing test says what to mend. */
export async function problems(element: Element): Promise<string[]> {
  const { violations } = await axe.run(element, { resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

/** Types into the search field of a view. */
export async function search(element: Element, term: string): Promise<void> {
  const input = one(element, 'input[type=search]', HTMLInputElement);
  input.value = term;
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await settle(2);
}

/** What axe finds wrong while a view shows whom it has found. */
export async function problemsOfFinding(stage: Element, view: Element, term: string): Promise<string[]> {
  await search(view, term);
  await until(() => deep(view, '[part=person-row]').length > 0, 'people');
  return problems(stage);
}

/** Elements below, through open shadow roots. */
export function deep(root: Element | ShadowRoot, selector: string): HTMLElement[] {
  const found: HTMLElement[] = [];
  const walk = (at: Element | ShadowRoot) => {
    found.push(...at.querySelectorAll<HTMLElement>(selector));
    for (const child of at.querySelectorAll('*')) if (child.shadowRoot) walk(child.shadowRoot);
  };
  if (root instanceof Element && root.shadowRoot) walk(root.shadowRoot);
  else walk(root);
  return found;
}

/** The one element that answers to a selector, through open shadow roots. */
export function one<T extends HTMLElement = HTMLElement>(
  root: Element | ShadowRoot,
  selector: string,
  as: new () => T = HTMLElement as new () => T,
): T {
  const first = deep(root, selector).find((found): found is T => found instanceof as);
  if (!first) throw new Error(`unable to find ${selector}`);
  return first;
}

/** What an element says to those above it, as it comes. */
export function heard<K extends keyof InnerEventMap>(element: EventTarget, type: K): InnerEventMap[K][] {
  const details: InnerEventMap[K][] = [];
  element.addEventListener(type, (event) => details.push((event as InnerEvent<K>).detail));
  return details;
}

export const ME = 'u-me';

export function user(id: string, nickname: string): User {
  return { id, rev: 1, nickname, about: null, avatarUrl: null, kind: 'account', createdAt: '2026-01-01T00:00:00.000Z' };
}

export const people: ReadonlyMap<string, User> = new Map(
  [user(ME, 'Mina'), user('u-1', 'Minji Kim'), user('u-2', 'Ben Okafor')].map((person) => [person.id, person]),
);

export function presence(userId: string, online: boolean, lastSeenAt: string | null = null): Presence {
  return { userId, online, lastSeenAt };
}

export function message(seq: number, o: Partial<Message> = {}): SentMessage {
  const base: Message = {
    id: `m-${seq}`,
    roomId: 'r-1',
    seq,
    rev: seq,
    clientId: `c-${seq}`,
    senderId: 'u-1',
    type: 'text',
    text: `Message ${seq}`,
    attachments: [],
    replyTo: null,
    mentions: [],
    reactions: [],
    linkPreview: null,
    system: null,
    createdAt: new Date(Date.UTC(2026, 10, 22, 8, 0) + seq * 20_000).toISOString(),
    editedAt: null,
    deletedAt: null,
  };
  return { ...base, ...o, state: 'sent' };
}

export function unsent(clientId: string, o: Partial<UnsentMessage> = {}): UnsentMessage {
  return {
    state: 'pending',
    clientId,
    roomId: 'r-1',
    senderId: ME,
    text: 'On its way',
    replyTo: null,
    attachments: [],
    createdAt: '2026-11-22T14:00:00.000Z',
    id: null,
    seq: null,
    error: null,
    ...o,
  };
}

/** `count` messages of two people up to `last`, of different lengths. */
export function conversation(from: number, to: number): LocalMessage[] {
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const seq = from + i;
    const text =
      seq % 7 === 0
        ? `Message ${seq} is one of those that go on for a while, over more than one line.`
        : `Message ${seq}`;
    return message(seq, { text, senderId: seq % 3 === 0 ? ME : 'u-1' });
  });
}

export function room(id: string, o: Partial<Room> = {}): Room {
  return {
    id,
    type: 'direct',
    name: null,
    avatarUrl: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    firstSeq: 1,
    lastSeq: 1,
    rev: 1,
    memberCount: 2,
    lastMessage: message(1, { roomId: id }),
    peer: user('u-1', 'Minji Kim'),
    presence: presence('u-1', false),
    me: { role: 'member', readSeq: 0, unread: 0, muted: false, pinned: false, hidden: false, historyFrom: 1 },
    ...o,
  };
}
