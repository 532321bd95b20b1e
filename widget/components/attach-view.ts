import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { LIMITS, type Attachment, type Client } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { icons } from '../icons.ts';
import { durationText, explainFile, fileStrings, sizeText } from '../locales/files.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { attachStyles } from './attach.styles.ts';
import { DroppedFiles } from '../attach-drop.ts';
import { Recorder } from '../attach-recorder.ts';
import { Uploads, type Upload } from '../attach-uploads.ts';
import { fileIcons } from './attachment-icons.ts';

/** Pixels of a preview in each direction. */
const PREVIEW = 128;

/**
 * The button beside the field, and above it the files that the message will have: chosen, pasted into the composer it stands in, or
 * dropped on the room. Says `attach-change`, `notice`.
 */
export class AttachView extends LitElement {
  static override styles = [base, attachStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    most: { state: true },
    recorder: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  /** Bytes of a file; 0: there are no files here. */
  declare most: number;
  /** Sound that is being recorded. */
  declare recorder: Recorder | null;

  readonly #uploads = new Uploads(this);
  readonly #dropped = new DroppedFiles(this, (files) => this.#add(files));
  readonly #previews = new WeakMap<File, HTMLCanvasElement>();
  #count = 0;
  #taking = false;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.most = 0;
    this.recorder = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#discard();
  }

  /** What the message has, once all of it is on the server; `null`: it is not, and the message is not to be sent. */
  async take(): Promise<readonly Attachment[] | null> {
    if (this.#taking) return null;
    await this.#finish();
    this.#taking = true;
    await this.#uploads.settled();
    this.#taking = false;
    // Another room is shown by now.
    if (!this.isConnected) return null;
    const { list } = this.#uploads;
    const ready = list.flatMap(({ attachment }) => attachment ?? []);
    if (ready.length < list.length) {
      say(this, 'notice', { text: fileStrings(this.l).notAll });
      return null;
    }
    this.#uploads.clear();
    return ready;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('client')) return;
    this.#uploads.use(this.client);
    this.client.config().then(
      ({ features, limits }) => (this.most = features.includes('files') ? (limits.fileBytes ?? 0) : 0),
      () => undefined,
    );
  }

  protected override updated(): void {
    const length = this.#uploads.list.length + (this.recorder ? 1 : 0);
    if (length === this.#count) return;
    this.#count = length;
    say(this, 'attach-change', { count: length });
  }

  protected override render() {
    if (this.most === 0) return nothing;
    const s = fileStrings(this.l);
    const { list } = this.#uploads;
    return html`
      ${
        list.length > 0 || this.recorder
          ? html`<ul class="tray" part="tray" role="list" aria-label=${s.attached}>
              ${repeat(
                list,
                ({ clientId }) => clientId,
                (upload) => html`<li class="chip ${upload.state}">${this.#chip(upload)}</li>`,
              )}${this.recorder ? this.#recording(this.recorder) : nothing}
            </ul>`
          : nothing
      }
      <button class="icon" part="attach" aria-label=${s.attach} @click=${() => this.#input?.click()}>
        ${fileIcons.clip}
      </button>
      ${
        Recorder.possible && !this.recorder && list.length === 0
          ? html`<button class="icon" part="attach" aria-label=${s.record} @click=${() => void this.#record()}>
              ${fileIcons.microphone}
            </button>`
          : nothing
      }
      <input type="file" multiple hidden @change=${this.#onChosen} />
      ${
        this.#dropped.over
          ? html`<div class="drop" aria-hidden="true">
              ${fileIcons.clip}
              <p>${s.drop}</p>
            </div>`
          : nothing
      }
    `;
  }

  #recording(recorder: Recorder) {
    const s = fileStrings(this.l);
    return html`<li class="chip recording">
      <span class="look" aria-hidden="true"><i .style=${`scale:${0.35 + 0.65 * recorder.level}`}></i></span>
      <span class="what">
        <span class="name">${s.recording}</span>
        <span class="more" role="timer">${durationText(recorder.ms)}</span>
      </span>
      <button aria-label=${s.finish} @click=${() => void this.#finish()}>${fileIcons.done}</button>
      <button aria-label=${s.discard} @click=${() => this.#discard()}>${icons.close}</button>
    </li>`;
  }

  #chip(upload: Upload) {
    const { file, state, part, error } = upload;
    const s = fileStrings(this.l);
    const preview = this.#previewOf(file);
    return html`
      <span class="look" aria-hidden="true">${preview ?? fileIcons.file}</span>
      <span class="what">
        <span class="name" dir="auto">${file.name}</span>
        <span class="more" role=${error ? 'alert' : nothing}
          >${error ? explainFile(error, this.most, this.l) : sizeText(file.size, this.l)}</span
        >
        ${
          state === 'busy'
            ? html`<progress max="1" .value=${part} aria-label=${s.uploading(file.name)}></progress>`
            : nothing
        }
      </span>
      ${
        state === 'failed' && error?.retryable
          ? html`<button aria-label=${s.retry(file.name)} @click=${() => this.#uploads.retry(upload)}>
              ${fileIcons.again}
            </button>`
          : nothing
      }
      <button
        aria-label=${state === 'busy' ? s.cancel(file.name) : s.remove(file.name)}
        @click=${() => this.#remove(upload)}
      >
        ${icons.close}
      </button>
    `;
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input');
  }

  /** Drawn, so that a page's rules need not allow `blob:` pictures. */
  #previewOf(file: File): HTMLCanvasElement | null {
    if (!/^image\/(png|jpeg|webp|gif|avif)$/.test(file.type)) return null;
    const known = this.#previews.get(file);
    if (known) return known;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = PREVIEW;
    this.#previews.set(file, canvas);
    createImageBitmap(file).then(
      (bitmap) => {
        const side = Math.min(bitmap.width, bitmap.height);
        const at = [(bitmap.width - side) / 2, (bitmap.height - side) / 2] as const;
        canvas.getContext('2d')?.drawImage(bitmap, ...at, side, side, 0, 0, PREVIEW, PREVIEW);
        bitmap.close();
      },
      () => undefined,
    );
    return canvas;
  }

  async #record(): Promise<void> {
    try {
      const recorder = await Recorder.start((full) => {
        if (full) void this.#finish();
        else this.requestUpdate();
      });
      // Another room is shown by now.
      if (this.isConnected) this.recorder = recorder;
      else recorder.discard();
    } catch {
      say(this, 'notice', { text: fileStrings(this.l).noMicrophone });
    }
  }

  async #finish(): Promise<void> {
    const { recorder } = this;
    if (!recorder) return;
    this.recorder = null;
    const { file, sound } = await recorder.finish(fileStrings(this.l).voice);
    this.#uploads.add([file], sound);
  }

  #discard(): void {
    this.recorder?.discard();
    this.recorder = null;
  }

  #remove(upload: Upload): void {
    this.#uploads.remove(upload);
    // The button that was pressed is gone.
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.icon')?.focus());
  }

  /** @returns whether there are files here */
  #add(files: readonly File[]): boolean {
    if (this.most === 0) return false;
    const room = LIMITS.attachments - this.#uploads.list.length;
    if (files.length > room) {
      say(this, 'notice', { text: fileStrings(this.l).tooMany(LIMITS.attachments.toLocaleString(this.l.locale)) });
    }
    if (files.length > 0) this.#uploads.add(files.slice(0, room));
    return true;
  }

  readonly #onChosen = (): void => {
    const input = this.#input;
    const files = [...(input?.files ?? [])];
    // The same file can be chosen again.
    if (input) input.value = '';
    this.#add(files);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-attach-view': AttachView;
  }
}

define('co-talk-attach-view', AttachView);
