import { css, html, LitElement, nothing } from 'lit';
import { CoTalkError, type Attachment, type Client, type FileUrl, type Id } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { explain } from '../explain.ts';
import { fileStrings } from '../locales/files.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import './lightbox.ts';

/** Milliseconds after which somebody who did not answer is asked again. */
const RETRY_MS = 3_000;

/** Finds the files of the messages in its room: gives them their addresses, shows pictures large, and saves what is for saving. */
export class AttachmentView extends LitElement {
  static override styles = css`
    :host {
      display: contents;
    }
  `;

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    open: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  /** What is shown large. */
  declare open: { file: Attachment; files: Attachment[] } | null;

  #root: Node | null = null;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.open = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#root = this.getRootNode();
    this.#root.addEventListener('file-need', this.#onNeed);
    this.#root.addEventListener('file-open', this.#onOpen);
    this.#root.addEventListener('file-save', this.#onSave);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#root?.removeEventListener('file-need', this.#onNeed);
    this.#root?.removeEventListener('file-open', this.#onOpen);
    this.#root?.removeEventListener('file-save', this.#onSave);
  }

  protected override render() {
    if (!this.open) return nothing;
    return html`<co-talk-lightbox
      .l=${this.l}
      .file=${this.open.file}
      .files=${this.open.files}
      @lightbox-close=${() => (this.open = null)}
    ></co-talk-lightbox>`;
  }

  readonly #onNeed = (event: Event): void => {
    const { id, take } = (event as InnerEvent<'file-need'>).detail;
    void this.#urlOf(id).then(take);
  };

  readonly #onOpen = (event: Event): void => {
    this.open = (event as InnerEvent<'file-open'>).detail;
  };

  readonly #onSave = (event: Event): void => {
    void this.#save((event as InnerEvent<'file-save'>).detail.file);
  };

  /** `null`: there is none. Where nobody answers, it is asked for again. */
  async #urlOf(id: Id): Promise<FileUrl | null> {
    while (this.isConnected) {
      try {
        return (await this.client.files.urls([id]))[0] ?? null;
      } catch (error) {
        if (!(error instanceof CoTalkError) || !error.retryable) return null;
        await new Promise((resolve) => setTimeout(resolve, Math.max(RETRY_MS, error.retryAfterMs ?? 0)));
      }
    }
    return null;
  }

  async #save(file: Attachment): Promise<void> {
    try {
      const [found] = await this.client.files.urls([file.id]);
      if (!found) {
        say(this, 'notice', { text: fileStrings(this.l).gone });
        return;
      }
      const link = document.createElement('a');
      link.href = `${found.url}&download=1`;
      link.download = file.name;
      link.rel = 'noopener';
      link.click();
    } catch (error) {
      if (!(error instanceof CoTalkError && error.code === 'closed'))
        say(this, 'notice', { text: explain(error, this.l) });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-attachment-view': AttachmentView;
  }
}

define('co-talk-attachment-view', AttachmentView);
