import { css, html, nothing, type TemplateResult } from 'lit';

const COLORS = 8;

/** One of the palette's colours, always the same for one id. */
function colorOf(id: string): number {
  let hash = 7;
  for (let i = 0; i < id.length; i++) hash = (hash * 31 + id.charCodeAt(i)) >>> 0;
  return hash % COLORS;
}

function graphemes(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), (piece) => piece.segment);
}

/** `MK` for "Minji Kim", `MI` for "minji", `준` for "준호": scripts without capitals need one character. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = graphemes(words[0] ?? '');
  const head = first[0] ?? '?';
  if (head.toLowerCase() === head.toUpperCase()) return head;
  const second = words.length > 1 ? graphemes(words.at(-1) ?? '')[0] : first[1];
  return (head + (second ?? '')).toUpperCase();
}

/** What cannot be loaded shows the initials behind it, until another address can. */
const show = ({ type, target }: Event): void => {
  (target as HTMLElement).hidden = type === 'error';
};

/** The round picture of a person or room. Decoration only: the name always stands beside it. */
export function avatar(o: {
  id: string;
  name: string;
  url?: string | null | undefined;
  size?: 's' | 'm' | 'l' | 'xl';
  online?: boolean;
}): TemplateResult {
  return html`<span class="avatar ${o.size ?? 'l'} c${colorOf(o.id)}" part="avatar" aria-hidden="true"
    >${initials(o.name)}${o.url ? html`<img src=${o.url} alt="" @error=${show} @load=${show} />` : nothing}${o.online ? html`<span class="dot" part="presence"></span>` : nothing}</span
  >`;
}

export const avatarStyles = css`
  .avatar {
    --size: 44px;
    position: relative;
    flex: none;
    inline-size: var(--size);
    block-size: var(--size);
    border-radius: 50%;
    display: grid;
    place-items: center;
    font-weight: 620;
    font-size: calc(var(--size) * 0.36);
    line-height: 1;
    color: #fff;
    user-select: none;
    forced-color-adjust: none;
  }
  .avatar img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    border-radius: 50%;
    object-fit: cover;
  }
  .avatar.s {
    --size: 28px;
  }
  .avatar.m {
    --size: 36px;
  }
  .avatar.xl {
    --size: 64px;
  }
  .c0 {
    background: #c9401a;
  }
  .c1 {
    background: #0b7d6d;
  }
  .c2 {
    background: #6f4ff2;
  }
  .c3 {
    background: #b93a83;
  }
  .c4 {
    background: #2472c4;
  }
  .c5 {
    background: #946006;
  }
  .c6 {
    background: #4d7c0f;
  }
  .c7 {
    background: #0e7490;
  }
  .dot {
    position: absolute;
    inset-inline-end: 0;
    inset-block-end: 0;
    inline-size: 27%;
    block-size: 27%;
    min-inline-size: 11px;
    min-block-size: 11px;
    border-radius: 50%;
    background: var(--ct-online);
    border: 2px solid var(--ct-surface);
  }
`;
