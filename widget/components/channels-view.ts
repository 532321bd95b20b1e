import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Client, RoomPreview } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { groupStrings } from '../locales/groups.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base, view } from '../styles.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { groupStyles } from './group.styles.ts';
import { pageHead, pageHeadStyles } from './page-head.ts';
import { skeletonRows } from './room-list.ts';
import { rowStyles } from './rows.styles.ts';
import './search-field.ts';

const DEBOUNCE = 250;

/** Public channels, to be found and looked into. Says `page-open`, `room-open`, `page-close`, `panel-close`. */
export class ChannelsView extends LitElement {
  static override styles = [base, ...pageHeadStyles, view, avatarStyles, rowStyles, groupStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    closable: { attribute: false },
    term: { state: true },
    found: { state: true },
    failure: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare closable: boolean;
  declare term: string;
  declare found: readonly RoomPreview[] | null;
  declare failure: unknown;

  #next: string | null = null;
  #asked = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.closable = false;
    this.term = '';
    this.found = null;
    this.failure = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('term')) return;
    clearTimeout(this.#timer);
    this.#asked = this.term.trim();
    this.#timer = setTimeout(() => void this.#ask(this.#asked), this.hasUpdated ? DEBOUNCE : 0);
  }

  protected override firstUpdated(): void {
    const field = this.renderRoot.querySelector('co-talk-search-field');
    void field?.updateComplete.then(() => field.focus());
  }

  async #ask(q: string, cursor?: string): Promise<void> {
    this.failure = null;
    try {
      const { items, next } = await this.client.rooms.channels({ ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) });
      if (q !== this.#asked) return;
      const before = cursor === undefined ? [] : (this.found ?? []);
      const known = new Set(before.map(({ id }) => id));
      this.#next = next;
      this.found = [...before, ...items.filter(({ id }) => !known.has(id))];
    } catch (error) {
      if (q === this.#asked) this.failure = error;
    }
  }

  protected override render() {
    const g = groupStrings(this.l);
    return html`${pageHead(this, g.channels)}
      <co-talk-search-field
        .l=${this.l}
        .label=${g.searchChannels}
        .term=${this.term}
        @term-change=${(event: InnerEvent<'term-change'>) => {
          this.term = event.detail.term;
        }}
      ></co-talk-search-field>
      <div class="list" part="list" tabindex="-1">${this.#content()}</div>`;
  }

  #content() {
    const { s } = this.l;
    const g = groupStrings(this.l);
    if (this.failure) {
      return html`<div class="empty" role="alert">
        <p>${explain(this.failure, this.l)}</p>
        <button class="btn" @click=${() => void this.#ask(this.#asked)}>${s.tryAgain}</button>
      </div>`;
    }
    if (!this.found) return skeletonRows();
    if (!this.found.length) {
      return html`<div class="empty" role="status">
        ${icons.channel}
        <h2>${this.#asked ? s.nothingFound(this.#asked) : g.noChannels}</h2>
        <p>${this.#asked ? s.nothingFoundText : g.noChannelsText}</p>
      </div>`;
    }
    return html`<ul role="list">
        ${this.found.map((channel) => html`<li>${this.#row(channel)}</li>`)}
      </ul>
      ${
        this.#next === null
          ? nothing
          : html`<button class="btn ghost wide" @click=${() => void this.#ask(this.#asked, this.#next ?? undefined)}>
              ${s.more}
            </button>`
      }`;
  }

  #row(channel: RoomPreview) {
    const { id, name, avatarUrl, memberCount, joined } = channel;
    return html`<button
      class="row"
      part="room-row"
      @click=${() =>
        joined
          ? say(this, 'room-open', { roomId: id })
          : say(this, 'page-open', { page: { kind: 'channel', channel } })}
    >
      ${avatar({ id, name: name ?? '', url: avatarUrl })}
      <span class="text">
        <span class="l1"><span class="name" dir="auto">${name}</span></span>
        <span class="l2"><span class="what">${this.l.s.memberCount(memberCount)}</span></span>
      </span>
      ${joined ? html`<span class="role">${groupStrings(this.l).joined}</span>` : nothing}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-channels-view': ChannelsView;
  }
}

define('co-talk-channels-view', ChannelsView);
