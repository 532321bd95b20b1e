import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { CoTalkError, type Client, type Id, type SendOptions, type SentMessage } from '@co-talk/sdk';
import type { Drafts } from './drafts.ts';
import { isEditable } from './editable.ts';
import { say, type InnerEvent } from './events.ts';
import { explain } from './explain.ts';
import { messageStrings } from './locales/messages.ts';
import { nameOf, type Localizer } from './localize.ts';

type Host = ReactiveControllerHost &
  HTMLElement & { client: Client; drafts: Drafts; l: Localizer; roomId: Id; renderRoot: ParentNode };

/** What the composer is for, beside a new message: to answer one, or to change one. */
export class Composing implements ReactiveController {
  readonly #host: Host;
  /** The message that is meant. */
  #about: { kind: 'reply' | 'edit'; message: SentMessage } | null = null;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
    host.addEventListener('compose', (event) => {
      const { kind, message } = (event as InnerEvent<'compose'>).detail;
      this.#start(kind, message, message.text);
    });
    host.addEventListener('keydown', this.#onKeydown);
  }

  get editing(): boolean {
    return this.#about?.kind === 'edit';
  }

  /** What is answered or changed may be deleted meanwhile; and another room has nothing to do with it. */
  hostUpdate(): void {
    const message = this.#about?.message;
    if (!message) return;
    if (message.roomId !== this.#host.roomId) this.#about = null;
    else if (this.#find(message.id)?.deletedAt) this.#end();
  }

  /** What stands above the composer. */
  bar(): TemplateResult | typeof nothing {
    const { client, l } = this.#host;
    if (!this.#about) return nothing;
    const { kind, message } = this.#about;
    return html`<co-talk-composer-context
      .l=${l}
      .kind=${kind}
      .name=${nameOf(client.users.store.get().get(message.senderId), l) ?? '…'}
      .text=${message.text}
      @act=${this.cancel}
    ></co-talk-composer-context>`;
  }

  readonly cancel = (): void => {
    this.#end();
    this.#composer?.focus();
  };

  /** What is sent now, answers this; once. */
  takeReply(): SendOptions {
    if (this.#about?.kind !== 'reply') return {};
    const { message: replyTo } = this.#about;
    this.#about = null;
    this.#host.requestUpdate();
    return { replyTo };
  }

  /** Changes the message to what was typed. */
  async save(text: string): Promise<void> {
    const message = this.#about?.message;
    const { client, l, roomId } = this.#host;
    this.cancel();
    if (!message || text === message.text) return;
    try {
      await client.messages.room(roomId).edit(message.id, text);
    } catch (error) {
      const late = error instanceof CoTalkError && error.code === 'conflict';
      say(this.#host, 'notice', { text: late ? messageStrings(l).notEditable : explain(error, l) });
      // What was typed is not lost.
      if (!late && !this.#about && roomId === this.#host.roomId && !this.#composer?.value)
        this.#start('edit', message, text);
    }
  }

  get #composer() {
    return this.#host.renderRoot.querySelector('co-talk-composer');
  }

  #find(id: Id): SentMessage | undefined {
    const { messages } = this.#host.client.messages.room(this.#host.roomId).store.get();
    return messages.find((one): one is SentMessage => one.id === id);
  }

  #end(): void {
    const { client, drafts, roomId } = this.#host;
    const composer = this.#composer;
    if (this.editing && composer) composer.value = drafts.get(client.auth.store.get().me?.id ?? '', roomId);
    this.#about = null;
    this.#host.requestUpdate();
  }

  #start(kind: 'reply' | 'edit', message: SentMessage, text: string): void {
    const composer = this.#composer;
    if (!composer) return;
    if (this.editing) this.#end();
    const about = { kind, message };
    this.#about = about;
    this.#host.requestUpdate();
    // The draft, which drawing puts there, stands back.
    void this.#host.updateComplete.then(() => {
      if (kind === 'edit' && this.#about === about) composer.value = text;
      composer.focus();
    });
  }

  async #editLast(): Promise<void> {
    const { client, roomId } = this.#host;
    const config = await client.config();
    const me = client.auth.store.get().me?.id;
    const last = client.messages
      .room(roomId)
      .store.get()
      .messages.findLast((one) => one.senderId === me && isEditable(one, config));
    if (last?.state === 'sent' && this.#composer?.value === '') this.#start('edit', last, last.text);
  }

  readonly #onKeydown = (event: KeyboardEvent): void => {
    const composer = this.#composer;
    if (!composer || event.isComposing || !event.composedPath().includes(composer)) return;
    if (event.key === 'Escape' && this.#about) {
      event.stopPropagation();
      this.cancel();
    } else if (event.key === 'ArrowUp' && !this.#about && composer.value === '') {
      event.preventDefault();
      void this.#editLast().catch(() => undefined);
    }
  };
}
