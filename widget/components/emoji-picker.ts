import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { define } from '../define.ts';
import { findEmojis, loadEmojis, recentEmojis, type Emoji, type EmojiGroups } from '../emoji-data.ts';
import { say } from '../events.ts';
import { attempt } from '../explain.ts';
import { icons } from '../icons.ts';
import { reactionStrings } from '../locales/reactions.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';

/** All emojis, by group and by name. Says `pick` with the emoji, and `act` to be closed. */
export class EmojiPicker extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        overflow: hidden;
        border: 1px solid var(--ct-border);
        border-radius: 16px;
        background: var(--ct-surface);
        box-shadow: 0 12px 32px -6px rgb(16 24 40 / 0.24);
      }
      header {
        display: flex;
        gap: 4px;
        padding: 8px;
        border-block-end: 1px solid var(--ct-border);
      }
      input {
        flex: 1;
        min-inline-size: 0;
        padding: 8px 12px;
        border: 1px solid var(--ct-field-border);
        border-radius: 10px;
        background: var(--ct-surface);
        color: inherit;
        font: inherit;
      }
      .all {
        flex: 1;
        overflow: hidden auto;
        overscroll-behavior: contain;
        padding: 0 8px 8px;
      }
      section {
        content-visibility: auto;
        contain-intrinsic-block-size: auto 400px;
      }
      h3 {
        margin: 0;
        padding: 10px 4px 4px;
        font-size: 12px;
        line-height: 16px;
        font-weight: 560;
        color: var(--ct-text-2);
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(36px, 1fr));
      }
      .one {
        block-size: 36px;
        border-radius: 9px;
        font-size: 22px;
        line-height: 36px;
        text-align: center;
      }
      .one:focus-visible {
        outline-offset: -2px;
      }
      @media (hover: hover) {
        .one:hover {
          background: var(--ct-surface-2);
        }
      }
      @media (pointer: coarse) {
        input {
          font-size: 16px;
        }
        .grid {
          grid-template-columns: repeat(auto-fill, minmax(44px, 1fr));
        }
        .one {
          block-size: 44px;
          line-height: 44px;
          font-size: 26px;
        }
      }
      p {
        margin: 0;
        padding: 24px 8px;
        text-align: center;
        color: var(--ct-text-2);
      }
    `,
  ];

  static override properties = {
    l: { attribute: false },
    groups: { state: true },
    term: { state: true },
  };

  declare l: Localizer;
  declare groups: EmojiGroups | null;
  declare term: string;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.groups = null;
    this.term = '';
    this.addEventListener('keydown', this.#onKeydown);
    this.addEventListener('focusout', (event) => {
      // Elsewhere in the page; a window that is left keeps it open.
      if (event.relatedTarget instanceof Node && !this.renderRoot.contains(event.relatedTarget))
        say(this, 'act', { id: 'picker', action: 'leave' });
    });
  }

  override focus(): void {
    this.renderRoot.querySelector('input')?.focus({ preventScroll: true });
  }

  protected override firstUpdated(): void {
    void attempt(this, this.l, async () => (this.groups = await loadEmojis(this.l)));
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('groups') || changed.has('term')) this.#entries()[0]?.setAttribute('tabindex', '0');
  }

  protected override render() {
    const r = reactionStrings(this.l);
    return html`<div role="dialog" aria-label=${r.pick} style="display: contents">
      <header>
        <input
          type="search"
          autocomplete="off"
          placeholder=${r.find}
          aria-label=${r.find}
          .value=${this.term}
          @input=${(event: InputEvent) => {
            if (event.target instanceof HTMLInputElement) this.term = event.target.value;
          }}
        />
        <button class="icon" aria-label=${r.close} @click=${() => say(this, 'act', { id: 'picker', action: 'close' })}>
          ${icons.close}
        </button>
      </header>
      <div
        class="all"
        tabindex="-1"
        @click=${(event: Event) => {
          const on = event.target instanceof Element ? event.target.closest<HTMLElement>('.one') : null;
          if (on) say(this, 'pick', { id: on.dataset['emoji'] ?? '' });
        }}
      >
        ${this.groups ? this.#found(this.groups) : nothing}
      </div>
    </div>`;
  }

  #found(groups: EmojiGroups) {
    const r = reactionStrings(this.l);
    if (this.term.trim() !== '') {
      const found = findEmojis(groups, this.term);
      return found.length > 0 ? this.#grid(found, r.pick) : html`<p role="status">${r.none}</p>`;
    }
    const known = new Map(groups.flat().map((one) => [one.emoji, one]));
    const recent = recentEmojis().flatMap((emoji) => known.get(emoji) ?? []);
    const titled = groups.map((group, place) => [r.groups[place] ?? '', group] as const);
    return [[r.recent, recent] as const, ...titled].map(([title, group]) =>
      group.length > 0
        ? html`<section>
            <h3 aria-hidden="true">${title}</h3>
            ${this.#grid(group, title)}
          </section>`
        : nothing,
    );
  }

  #grid(emojis: readonly Emoji[], title: string) {
    return html`<div class="grid" role="group" aria-label=${title}>
      ${emojis.map(
        ({ emoji, name }) =>
          html`<button class="one" tabindex="-1" data-emoji=${emoji} aria-label=${name} title=${name}>
            ${emoji}
          </button>`,
      )}
    </div>`;
  }

  #entries(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.one')];
  }

  readonly #onKeydown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') say(this, 'act', { id: 'picker', action: 'close' });
    else if (!this.#move(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** @returns whether the key moves the focus over the emojis */
  #move(key: string): boolean {
    const entries = this.#entries();
    const at = entries.findIndex((entry) => entry.matches(':focus'));
    if (at === -1) {
      if (key !== 'ArrowDown' || entries.length === 0) return false;
      this.#go(entries[0]);
      return true;
    }
    const along = this.matches(':dir(rtl)') ? -1 : 1;
    const step = { ArrowLeft: -along, ArrowRight: along, Home: -at, End: entries.length - 1 - at }[key];
    if (step !== undefined) this.#go(entries[at + step]);
    else if (key === 'ArrowDown') this.#go(below(entries, at, 1));
    else if (key !== 'ArrowUp') return false;
    else if (!this.#go(below(entries, at, -1))) this.focus();
    return true;
  }

  #go(entry: HTMLElement | undefined): boolean {
    if (!entry) return false;
    for (const other of this.renderRoot.querySelectorAll('.one[tabindex="0"]')) other.setAttribute('tabindex', '-1');
    entry.tabIndex = 0;
    entry.focus();
    return true;
  }
}

/** The one in the next line, in the same column or as near as there is one. */
function below(entries: readonly HTMLElement[], at: number, way: 1 | -1): HTMLElement | undefined {
  const place = entries[at]?.getBoundingClientRect();
  if (!place) return undefined;
  let best: HTMLElement | undefined;
  let line: number | undefined;
  for (let next = at + way; entries[next]; next += way) {
    const { top, left } = entries[next]?.getBoundingClientRect() ?? place;
    if (top === place.top) continue;
    line ??= top;
    if (top !== line) break;
    const far = Math.abs(left - place.left);
    if (!best || far < Math.abs(best.getBoundingClientRect().left - place.left)) best = entries[next];
  }
  return best;
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-emoji-picker': EmojiPicker;
  }
}

define('co-talk-emoji-picker', EmojiPicker);
