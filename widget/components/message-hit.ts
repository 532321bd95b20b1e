import { css, html, nothing, type TemplateResult } from 'lit';
import type { FoundMessage, Id, Message, User } from '@co-talk/sdk';
import { isolate, nameOf, type Localizer } from '../localize.ts';
import { searchStrings } from '../locales/search.ts';
import { listTime } from '../time.ts';
import { avatar } from './avatar.ts';

/** Characters before the first match, and in all, that a hit shows of a long message. */
const BEFORE = 40;
const SHOWN = 220;

export const messageHitStyles = css`
  .hit {
    align-items: start;
    text-align: start;
  }
  .hit .avatar {
    margin-block-start: 2px;
  }
  .hit .said,
  .hit .beside {
    display: block;
    overflow: hidden;
    overflow-wrap: anywhere;
    color: var(--ct-text-2);
  }
  .hit .said {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    line-clamp: 3;
    margin-block-start: 1px;
    color: var(--ct-text);
  }
  .hit .beside,
  .hit .where {
    font-size: 12px;
    line-height: 16px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .hit .where {
    display: block;
    overflow: hidden;
    color: var(--ct-text-2);
  }
  .hit .beside {
    margin-block: 2px;
    padding-inline-start: 8px;
    border-inline-start: 2px solid var(--ct-border);
  }
  mark {
    border-radius: 4px;
    background: color-mix(in srgb, var(--ct-accent) 24%, transparent);
    color: inherit;
    font-weight: 620;
  }
  @media (forced-colors: active) {
    mark {
      background: Mark;
      color: MarkText;
    }
  }
`;

/** A part of a text, and whether it is what was looked for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** A text around its first match, in pieces. */
export function excerpt({ message: { text }, matches }: Pick<FoundMessage, 'message' | 'matches'>): Piece[] {
  const first = matches[0]?.from ?? 0;
  let from = first > BEFORE ? first - BEFORE : 0;
  let to = Math.min(text.length, from + SHOWN);
  // Never within a character.
  if (/^[\udc00-\udfff]/.test(text.slice(from))) from--;
  if (/^[\udc00-\udfff]/.test(text.slice(to))) to++;
  const pieces: Piece[] = [];
  let at = from;
  const add = (end: number, hit: boolean) => {
    const piece = text.slice(at, Math.min(end, to));
    if (piece) pieces.push({ text: piece, hit });
    at = Math.max(at, Math.min(end, to));
  };
  for (const match of matches) {
    add(match.from, false);
    add(match.to, true);
  }
  add(to, false);
  if (from > 0) pieces.unshift({ text: '…', hit: false });
  if (to < text.length) pieces.push({ text: '…', hit: false });
  return pieces;
}

/** What a hit is drawn with besides itself. */
export interface HitContext {
  l: Localizer;
  me: Id;
  users: ReadonlyMap<Id, User>;
  now: Date;
  /** The room's name; `null` where all are of one room, and what stands around says more. */
  room: string | null;
  onChoose: (message: Message) => void;
}

/** A message that was found: who said it, when and where, with what matches marked. */
export function messageHit(found: FoundMessage, c: HitContext): TemplateResult {
  const { message, context } = found;
  const sender = c.users.get(message.senderId);
  const name = nameOf(sender, c.l) ?? '…';
  return html`<button class="row hit" part="message-hit" data-message=${message.id} @click=${() => c.onChoose(message)}>
    ${avatar({ id: message.senderId, name, url: sender?.avatarUrl, size: 'm' })}
    <span class="text">
      <span class="l1">
        <span class="name" dir="auto">${message.senderId === c.me ? searchStrings(c.l).you : name}</span>
        <time datetime=${message.createdAt}>${listTime(message.createdAt, c.l.locale, c.now)}</time>
      </span>
      ${c.room === null ? beside(context.before, c) : html`<span class="where" dir="auto">${c.room}</span>`}
      <span class="said" dir="auto"
        >${excerpt(found).map(({ text, hit }) => (hit ? html`<mark>${text}</mark>` : text))}</span
      >
      ${c.room === null ? beside(context.after, c) : nothing}
    </span>
  </button>`;
}

function beside(message: Message | null, { l, users, me }: HitContext) {
  if (!message?.text) return nothing;
  const name = message.senderId === me ? searchStrings(l).you : (nameOf(users.get(message.senderId), l) ?? '…');
  return html`<span class="beside" dir="auto">${l.s.announced(isolate(name), message.text.slice(0, SHOWN))}</span>`;
}
