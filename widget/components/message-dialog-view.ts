import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { CoTalkError, type Client, type Id, type SentMessage } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { explain } from '../explain.ts';
import { messageStrings } from '../locales/messages.ts';
import { reportStrings } from '../locales/report.ts';
import { englishLocalizer, isolate, nameOf, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { avatarStyles } from './avatar.ts';
import { formStyles } from './form.styles.ts';
import { details } from './message-details.ts';
import { messageDialogStyles } from './message-dialog.styles.ts';
import { forwardList, targetsOf } from './forward-list.ts';
import { reportDialogStyles } from './report-dialog.styles.ts';
import { roomTitle } from './room-list.ts';

export type Asked = 'delete' | 'forward' | 'details';

/** What is asked, or told, about a message before something is done. Does it, and says `act` with `no` when it is to be closed. */
export class MessageDialog extends LitElement {
  static override styles = [base, avatarStyles, formStyles, reportDialogStyles, messageDialogStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    message: { attribute: false },
    asked: { attribute: false },
    busy: { state: true },
    failure: { state: true },
    picked: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare message: SentMessage;
  declare asked: Asked;
  declare busy: boolean;
  declare failure: string | null;
  /** Rooms to forward to. */
  declare picked: ReadonlySet<Id>;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.busy = false;
    this.failure = null;
    this.picked = new Set();
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('input, .ghost, .btn')?.focus();
  }

  protected override render() {
    const m = messageStrings(this.l);
    return html`<div
      class="sheet"
      part="dialog"
      role=${this.asked === 'delete' ? 'alertdialog' : 'dialog'}
      aria-modal="true"
      aria-labelledby="title"
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'Escape' || this.busy) return;
        event.stopPropagation();
        this.#close();
      }}
    >
      <h2 id="title">${{ delete: m.deleteTitle, forward: m.forwardTitle, details: m.details }[this.asked]}</h2>
      ${this.asked === 'forward' ? this.#forward() : this.asked === 'delete' ? this.#delete() : this.#details()}
    </div>`;
  }

  #delete() {
    const m = messageStrings(this.l);
    const own = this.message.senderId === this.client.auth.store.get().me?.id;
    return html`<p class="hint">${own ? m.deleteOwn : m.deleteTheirs(isolate(this.#name(this.message.senderId)))}</p>
      ${this.#quoted()}
      ${this.#acts(m.deleteAll, false, async () => {
        await this.client.messages.room(this.message.roomId).delete(this.message.id);
        this.#close();
      })}`;
  }

  #forward() {
    const m = messageStrings(this.l);
    const { client, l } = this;
    const targets = targetsOf(client, this.message.roomId);
    if (targets.length === 0)
      return html`<p class="hint">${m.noChats}</p>
        <div class="acts"><button class="btn wide" @click=${this.#close}>${m.done}</button></div>`;
    return html`<p class="hint">${m.forwardPick}</p>
      ${this.#quoted()}
      ${forwardList(targets, { l, users: client.users.store.get(), picked: this.picked, pick: this.#pick })}
      ${this.#acts(m.forwardTo(String(this.picked.size)), this.picked.size === 0, this.#send)}`;
  }

  #details() {
    const m = messageStrings(this.l);
    return html`${this.#quoted()} ${details(this.message, this.client, this.l)}
      <div class="acts"><button class="btn wide" @click=${this.#close}>${m.done}</button></div>`;
  }

  #quoted(): TemplateResult | typeof nothing {
    return this.message.text === '' ? nothing : html`<blockquote><p dir="auto">${this.message.text}</p></blockquote>`;
  }

  #acts(label: string, disabled: boolean, act: () => Promise<void>) {
    return html`${this.failure === null ? nothing : html`<p class="failure" role="alert">${this.failure}</p>`}
      <div class="acts">
        <button class="btn ghost" ?disabled=${this.busy} @click=${this.#close}>${this.l.s.cancel}</button>
        <button
          class="btn ${this.asked === 'delete' ? 'danger' : ''}"
          aria-busy=${this.busy ? 'true' : 'false'}
          ?disabled=${this.busy || disabled}
          @click=${() => void this.#do(act)}
        >
          ${label}
        </button>
      </div>`;
  }

  async #do(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.failure = null;
    try {
      await act();
    } catch (error) {
      const gone = error instanceof CoTalkError && error.code === 'conflict';
      this.failure = gone ? reportStrings(this.l).gone : explain(error, this.l);
    }
    this.busy = false;
  }

  readonly #pick = (roomId: Id): void => {
    const picked = new Set(this.picked);
    if (!picked.delete(roomId)) picked.add(roomId);
    this.picked = picked;
  };

  readonly #send = async (): Promise<void> => {
    const m = messageStrings(this.l);
    const { message, picked } = this;
    const items = await this.client.messages.room(message.roomId).forward(message.id, [...picked]);
    const failed = items.flatMap((item) => ('error' in item ? item.roomId : []));
    const sent = items.length - failed.length;
    if (sent > 0) say(this, 'notice', { text: m.forwarded(String(sent)) });
    if (failed.length === 0) {
      this.#close();
      return;
    }
    this.picked = new Set(failed);
    const { rooms } = this.client.rooms.store.get();
    const names = rooms.filter(({ id }) => failed.includes(id)).map((room) => roomTitle(room, this.l));
    this.failure = m.forwardFailed(new Intl.ListFormat(this.l.locale).format(names.map(isolate)));
  };

  #name(id: Id): string {
    return nameOf(this.client.users.store.get().get(id), this.l) ?? '…';
  }

  readonly #close = (): void => say(this, 'act', { id: '', action: 'no' });
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-message-dialog': MessageDialog;
  }
}

define('co-talk-message-dialog', MessageDialog);
