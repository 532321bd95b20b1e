import { css, html, LitElement, type PropertyValues } from 'lit';
import type { Client, Id, LocalMessage, Message, RoomPreview, User } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { attempt, explain } from '../explain.ts';
import { groupStrings } from '../locales/groups.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { StoreController } from '../store-controller.ts';
import { base, view } from '../styles.ts';
import { groupStyles } from './group.styles.ts';
import './message-list.ts';
import { pageHead, pageHeadStyles } from './page-head.ts';
import { skeletonRows } from './room-list.ts';

/** A channel as it looks before one joins it: what is written there, and the way in. Says `room-open`, `page-close`, `panel-close`. */
export class ChannelView extends LitElement {
  static override styles = [
    base,
    ...pageHeadStyles,
    view,
    groupStyles,
    css`
      co-talk-message-list {
        flex: 1;
        min-block-size: 0;
      }
      .bones {
        flex: 1;
        padding: 0 8px;
      }
      .bar p {
        margin-block-end: 8px;
        text-align: center;
        font-size: 13px;
        line-height: 18px;
        color: var(--ct-text-2);
      }
    `,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    channel: { attribute: false },
    closable: { attribute: false },
    now: { attribute: false },
    messages: { state: true },
    failure: { state: true },
    busy: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare channel: RoomPreview;
  declare closable: boolean;
  declare now: Date;
  declare messages: readonly LocalMessage[] | null;
  declare failure: unknown;
  declare busy: boolean;

  readonly #users = new StoreController<ReadonlyMap<Id, User>>(this);
  #firstSeq = 1;
  #loading = false;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.closable = false;
    this.now = new Date();
    this.messages = null;
    this.failure = null;
    this.busy = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('client')) return;
    this.#users.watch(this.client.users.store);
    void this.#load();
  }

  async #load(before?: number): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    this.failure = null;
    try {
      const page = await this.client.rooms.preview(this.channel.id, before === undefined ? {} : { before });
      this.#firstSeq = page.firstSeq;
      this.messages = [...page.items.map(sent), ...(this.messages ?? [])];
    } catch (error) {
      this.failure = error;
    }
    this.#loading = false;
  }

  protected override render() {
    const g = groupStrings(this.l);
    return html`${pageHead(this, this.channel.name ?? '')} ${this.#content()}
      <div class="bar">
        <p>${g.beforeJoining}</p>
        <button class="btn wide" ?disabled=${this.busy} @click=${() => void this.#join()}>${g.join}</button>
      </div>`;
  }

  #content() {
    const { messages } = this;
    if (this.failure && !messages) return html`<p class="empty list" role="alert">${explain(this.failure, this.l)}</p>`;
    if (!messages) return html`<div class="bones">${skeletonRows()}</div>`;
    const first = messages[0]?.seq ?? 0;
    if (!messages.length) return html`<p class="empty list">${groupStrings(this.l).quiet}</p>`;
    return html`<co-talk-message-list
      exportparts="messages, message, bubble, avatar"
      .l=${this.l}
      .messages=${messages}
      .users=${this.#users.value ?? new Map()}
      .me=${this.client.auth.store.get().me?.id ?? ''}
      .names=${true}
      .hasBefore=${first > this.#firstSeq}
      .now=${this.now}
      @load-before=${() => void this.#load(first)}
    ></co-talk-message-list>`;
  }

  async #join(): Promise<void> {
    this.busy = true;
    const { id } = this.channel;
    const done = await attempt(this, this.l, () => this.client.rooms.join(id));
    this.busy = false;
    if (done) say(this, 'room-open', { roomId: id });
  }
}

const sent = (message: Message): LocalMessage => ({ ...message, state: 'sent' });

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-channel-view': ChannelView;
  }
}

define('co-talk-channel-view', ChannelView);
