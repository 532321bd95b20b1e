import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { decode } from 'blurhash';
import type { Attachment, FileUrl, Id } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { fileStrings, sizeText } from '../locales/files.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { attachmentStyles } from './attachment.styles.ts';
import { fit, parted } from './attachment-box.ts';
import { fileIcons } from './attachment-icons.ts';
import './attachment-voice.ts';

/** Pixels of a blur in each direction: it is stretched. */
const BLUR = 24;

/** The files of a message. Says `file-need` for addresses, `file-open`, `file-save`. */
export class Attachments extends LitElement {
  static override styles = [base, attachmentStyles];

  static override properties = {
    files: { attribute: false },
    l: { attribute: false },
    urls: { state: true },
    shown: { state: true },
    broken: { state: true },
  };

  declare files: readonly Attachment[];
  declare l: Localizer;
  declare urls: ReadonlyMap<Id, FileUrl | null>;
  /** Pictures that have come. */
  declare shown: ReadonlySet<Id>;
  /** Those that did not, though they have an address. */
  declare broken: ReadonlySet<Id>;

  constructor() {
    super();
    this.files = [];
    this.l = englishLocalizer;
    this.urls = new Map();
    this.shown = new Set();
    this.broken = new Set();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('files')) return;
    for (const { id, kind } of this.files) if (kind !== 'file' && !this.urls.has(id)) this.#need(id);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('files')) this.#blur();
  }

  protected override render() {
    const { pictures, others } = parted(this.files);
    return html`${
      pictures.length > 0
        ? html`<div class="pictures ${pictures.length > 1 ? 'many' : ''}">
            ${pictures.map((file) => this.#picture(file))}
          </div>`
        : nothing
    }${others.map((file) => this.#other(file))}`;
  }

  #picture(file: Attachment) {
    const { id, name } = file;
    const s = fileStrings(this.l);
    const url = this.urls.get(id);
    const gone = url === null;
    return html`<button
      class="picture ${this.shown.has(id) ? 'shown' : ''}"
      aria-label=${gone ? s.gone : this.broken.has(id) ? s.notShown : s.open(name)}
      ?disabled=${gone}
      @click=${() => this.#onPicture(file)}
    >
      <canvas width=${BLUR} height=${BLUR} data-id=${id} aria-hidden="true"></canvas>
      ${
        url && !this.broken.has(id)
          ? html`<img
              src=${url.variants['small'] ?? url.url}
              alt=""
              loading="lazy"
              decoding="async"
              draggable="false"
              @load=${() => (this.shown = new Set([...this.shown, id]))}
              @error=${() => (this.broken = new Set([...this.broken, id]))}
            />`
          : nothing
      }
      ${gone || this.broken.has(id) ? fileIcons.broken : nothing}
    </button>`;
  }

  #onPicture(file: Attachment): void {
    if (this.broken.has(file.id)) {
      this.broken = new Set([...this.broken].filter((id) => id !== file.id));
      this.#need(file.id);
    } else say(this, 'file-open', { file, files: parted(this.files).pictures });
  }

  #other(file: Attachment) {
    const url = this.urls.get(file.id);
    if (file.kind === 'video' && url) {
      return html`<video
        .style=${`block-size:${fit(file)[1]}px`}
        src=${url.url}
        controls
        preload="metadata"
        playsinline
        aria-label=${file.name}
      ></video>`;
    }
    if (file.kind === 'audio' && url && file.waveform) {
      return html`<co-talk-voice .file=${file} .url=${url.url} .l=${this.l}></co-talk-voice>`;
    }
    if (file.kind === 'audio' && url) {
      return html`<audio src=${url.url} controls preload="metadata" aria-label=${file.name}></audio>`;
    }
    return this.#file(file);
  }

  #file(file: Attachment) {
    const s = fileStrings(this.l);
    const ending = /\.([a-z0-9]{1,5})$/i.exec(file.name)?.[1]?.toUpperCase();
    return html`<button
      class="file"
      aria-label=${s.download(file.name)}
      @click=${() => say(this, 'file-save', { file })}
    >
      <span class="sign" aria-hidden="true">${fileIcons.file}</span>
      <span class="what">
        <span class="name" dir="auto">${file.name}</span>
        <span class="more"
          >${[ending, sizeText(file.size, this.l)].filter((part) => part !== undefined).join(' · ')}</span
        >
      </span>
      ${fileIcons.down}
    </button>`;
  }

  #need(id: Id): void {
    say(this, 'file-need', {
      id,
      take: (url) => {
        this.urls = new Map([...this.urls, [id, url]]);
      },
    });
  }

  #blur(): void {
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) {
      const hash = this.files.find(({ id }) => id === canvas.dataset['id'])?.blurhash;
      const context = hash ? canvas.getContext('2d') : null;
      if (!hash || !context) continue;
      try {
        context.putImageData(new ImageData(new Uint8ClampedArray(decode(hash, BLUR, BLUR)), BLUR, BLUR), 0, 0);
      } catch {
        // Of another server, perhaps: the box is there all the same.
      }
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-attachments': Attachments;
  }
}

define('co-talk-attachments', Attachments);
