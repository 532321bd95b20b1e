import { css, html, LitElement, svg } from 'lit';
import type { Attachment } from '@co-talk/sdk';
import { define } from '../define.ts';
import { durationText, fileStrings } from '../locales/files.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { fileIcons } from './attachment-icons.ts';

/** Heights of a bar, and from one to the next. */
const [HIGH, STEP] = [28, 4];

/** A voice message: its waveform, where it is, and how long. */
export class Voice extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 10px;
        block-size: 52px;
        flex: none;
        padding: 0 10px 0 6px;
        border-radius: 12px;
        background: color-mix(in srgb, currentcolor 9%, transparent);
      }
      button {
        flex: none;
        display: grid;
        place-items: center;
        inline-size: 40px;
        block-size: 40px;
        border-radius: 50%;
        background: color-mix(in srgb, currentcolor 14%, transparent);
        color: inherit;
      }
      .wave {
        position: relative;
        flex: 1;
        min-inline-size: 0;
        block-size: ${HIGH}px;
      }
      .wave svg {
        inline-size: 100%;
        block-size: 100%;
        display: block;
        stroke: none;
        fill: currentcolor;
      }
      rect {
        opacity: 0.4;
      }
      .past {
        opacity: 1;
      }
      input {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }
      .wave:focus-within {
        outline: 2px solid currentcolor;
        outline-offset: 3px;
        border-radius: 4px;
      }
      button:focus-visible {
        outline-color: currentcolor;
      }
      time {
        flex: none;
        min-inline-size: 32px;
        text-align: end;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  static override properties = {
    file: { attribute: false },
    url: { attribute: false },
    l: { attribute: false },
    playing: { state: true },
    at: { state: true },
  };

  declare file: Attachment;
  declare url: string;
  declare l: Localizer;
  declare playing: boolean;
  /** Milliseconds. */
  declare at: number;

  readonly #audio = new Audio();

  constructor() {
    super();
    this.url = '';
    this.l = englishLocalizer;
    this.playing = false;
    this.at = 0;
    this.#audio.preload = 'none';
    this.#audio.ontimeupdate = () => (this.at = this.#audio.currentTime * 1_000);
    this.#audio.onplay = () => (this.playing = true);
    this.#audio.onpause = () => (this.playing = false);
    this.#audio.onended = () => (this.at = 0);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#audio.pause();
  }

  protected override render() {
    const s = fileStrings(this.l);
    const { waveform, durationMs } = this.file;
    const bars = waveform ?? [];
    const whole = Math.max(durationMs ?? 0, 1);
    const part = Math.min(1, this.at / whole);
    const width = Math.max(1, bars.length) * STEP;
    return html`<button aria-label=${this.playing ? s.pause : s.play} @click=${this.#toggle}>
        ${this.playing ? fileIcons.pause : fileIcons.play}
      </button>
      <div class="wave">
        <svg viewBox="0 0 ${width} ${HIGH}" preserveAspectRatio="none" aria-hidden="true" focusable="false">
          ${bars.map((bar, place) => {
            const height = Math.max(2, (bar / 100) * HIGH);
            return svg`<rect class=${part > 0 && (place + 0.5) / bars.length <= part ? 'past' : ''} x=${place * STEP} y=${(HIGH - height) / 2} width=${STEP - 1.5} height=${height} rx="1"></rect>`;
          })}
        </svg>
        <input
          type="range"
          min="0"
          max=${whole}
          step="100"
          aria-label="${s.voice}, ${s.place}"
          aria-valuetext="${durationText(this.at)} / ${durationText(whole)}"
          .value=${String(this.at)}
          @input=${this.#onSeek}
        />
      </div>
      <time>${durationText(this.playing || this.at > 0 ? this.at : whole)}</time>`;
  }

  readonly #toggle = (): void => {
    this.#load();
    if (this.#audio.paused) this.#audio.play().catch(() => undefined);
    else this.#audio.pause();
  };

  readonly #onSeek = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.#load();
    this.at = Number(event.target.value);
    this.#audio.currentTime = this.at / 1_000;
  };

  /** Not before somebody wants to hear it; and not anew while it is heard. */
  #load(): void {
    if (this.#audio.paused && this.#audio.src !== this.url) {
      this.#audio.src = this.url;
      this.#audio.currentTime = this.at / 1_000;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-voice': Voice;
  }
}

define('co-talk-voice', Voice);
