import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Attachment, FileUrl } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { icons } from '../icons.ts';
import { fileStrings } from '../locales/files.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { fileIcons } from './attachment-icons.ts';

/** A picture over the whole page. Says `lightbox-close`, `file-need`, `file-save`. */
export class Lightbox extends LitElement {
  static override styles = [
    base,
    css`
      dialog {
        inline-size: 100vw;
        block-size: 100dvh;
        max-inline-size: none;
        max-block-size: none;
        margin: 0;
        padding: 0;
        border: 0;
        background: rgb(10 12 16 / 0.94);
        color: #fff;
        overflow: hidden;
      }
      dialog::backdrop {
        background: none;
      }
      .stage {
        position: absolute;
        inset: 0;
        overflow: auto;
        display: grid;
        overscroll-behavior: contain;
      }
      img {
        max-inline-size: 100vw;
        max-block-size: 100dvh;
        margin: auto;
        cursor: zoom-in;
        touch-action: pan-x pan-y pinch-zoom;
      }
      .near img {
        max-inline-size: none;
        max-block-size: none;
        inline-size: 200vw;
        cursor: zoom-out;
      }
      .bar {
        position: absolute;
        inset-inline: 0;
        inset-block-start: 0;
        display: flex;
        align-items: center;
        gap: 4px;
        padding: 10px 12px;
        padding-block-start: max(10px, env(safe-area-inset-top));
        background: linear-gradient(rgb(0 0 0 / 0.6), transparent);
        pointer-events: none;
      }
      .bar > * {
        pointer-events: auto;
      }
      .name {
        flex: 1;
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      button {
        flex: none;
        display: grid;
        place-items: center;
        inline-size: 44px;
        block-size: 44px;
        border-radius: 50%;
        background: rgb(20 22 28 / 0.55);
        color: #fff;
      }
      button:focus-visible {
        outline-color: #fff;
      }
      .next,
      .previous {
        position: absolute;
        inset-block: 0;
        margin-block: auto;
      }
      .next {
        inset-inline-end: 12px;
      }
      .previous {
        inset-inline-start: 12px;
      }
      .next svg {
        rotate: 180deg;
      }
      .status {
        margin: auto;
        padding: 24px;
      }
      @media (hover: hover) {
        button:hover {
          background: rgb(60 64 74 / 0.8);
        }
      }
    `,
  ];

  static override properties = {
    l: { attribute: false },
    file: { attribute: false },
    files: { attribute: false },
    url: { state: true },
    near: { state: true },
  };

  declare l: Localizer;
  declare file: Attachment;
  /** Those it is among. */
  declare files: readonly Attachment[];
  declare url: FileUrl | null | undefined;
  declare near: boolean;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.files = [];
    this.near = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('file')) this.#ask();
  }

  protected override firstUpdated(): void {
    // Modal: the focus stays inside, Escape closes it, and goes back to where it came from.
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  protected override render() {
    const s = fileStrings(this.l);
    const { name } = this.file;
    const place = this.files.findIndex(({ id }) => id === this.file.id);
    return html`<dialog
      aria-label=${`${s.picture}: ${name}`}
      @close=${() => say(this, 'lightbox-close', null)}
      @keydown=${this.#onKey}
    >
      <div class="stage ${this.near ? 'near' : ''}" @click=${this.#onStage}>${this.#picture(s.notShown)}</div>
      <div class="bar">
        <span class="name" dir="auto">${name}</span>
        <button aria-label=${s.download(name)} @click=${() => say(this, 'file-save', { file: this.file })}>
          ${fileIcons.down}
        </button>
        <button aria-label=${this.l.s.close} autofocus @click=${this.#close}>${icons.close}</button>
      </div>
      ${
        place > 0
          ? html`<button class="previous" aria-label=${s.previous} @click=${() => this.#move(-1)}>
              ${icons.back}
            </button>`
          : nothing
      }
      ${
        place < this.files.length - 1
          ? html`<button class="next" aria-label=${s.next} @click=${() => this.#move(1)}>${icons.back}</button>`
          : nothing
      }
    </dialog>`;
  }

  #picture(notShown: string) {
    if (this.url === null) return html`<p class="status" role="alert">${notShown}</p>`;
    if (!this.url) return html`<p class="status" role="status">${this.l.s.loading}</p>`;
    const { width, height, name } = this.file;
    return html`<img
      src=${this.url.variants['large'] ?? this.url.url}
      width=${width ?? nothing}
      height=${height ?? nothing}
      .style=${this.near ? 'block-size:auto' : 'block-size:auto;inline-size:auto'}
      alt=${name}
      @error=${() => (this.url = null)}
    />`;
  }

  #ask(): void {
    const { id } = this.file;
    this.url = undefined;
    this.near = false;
    const take = (url: FileUrl | null) => {
      if (id === this.file.id) this.url = url;
    };
    // Once those who listen are there.
    queueMicrotask(() => say(this, 'file-need', { id, take }));
  }

  #move(by: number): void {
    const place = this.files.findIndex(({ id }) => id === this.file.id);
    this.file = this.files[place + by] ?? this.file;
  }

  readonly #close = (): void => {
    this.renderRoot.querySelector('dialog')?.close();
  };

  /** On the picture: nearer, or back. Beside it: away. */
  readonly #onStage = (event: Event): void => {
    if (event.target instanceof HTMLImageElement) this.near = !this.near;
    else this.#close();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    // What is below has keys of its own.
    event.stopPropagation();
    const back = getComputedStyle(this).direction === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') this.#move(event.key === back ? -1 : 1);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-lightbox': Lightbox;
  }
}

define('co-talk-lightbox', Lightbox);
