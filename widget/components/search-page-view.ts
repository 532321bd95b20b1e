import { html, LitElement, type PropertyValues } from 'lit';
import type { Client, Id } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { searchStrings } from '../locales/search.ts';
import type { SearchMemories } from '../search-memory.ts';
import { base, view } from '../styles.ts';
import { pageHead, pageHeadStyles } from './page-head.ts';
import './search-field.ts';
import './search-view.ts';

/** The search within one room, in its place. Says `room-open` with a message's place, `search-open`. */
export class SearchPageView extends LitElement {
  static override styles = [base, view, ...pageHeadStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    roomId: { attribute: false },
    memories: { attribute: false },
    closable: { attribute: false },
    now: { attribute: false },
    term: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare roomId: Id;
  declare memories: SearchMemories;
  declare closable: boolean;
  declare now: Date;
  declare term: string;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.roomId = '';
    this.memories = new Map();
    this.closable = false;
    this.now = new Date();
    this.term = '';
    this.addEventListener('keydown', this.#onKeydown);
  }

  /** To the message that was opened from here; to the field, before any was. */
  override focus(): void {
    const found = this.renderRoot.querySelector('co-talk-search-view');
    void found?.updateComplete.then(() => {
      if (!found.focusOpened() && !this.matches(':focus-within')) this.#field?.focus();
    });
  }

  get #field() {
    return this.renderRoot.querySelector('co-talk-search-field');
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('roomId')) this.term = this.memories.get(this.roomId)?.term ?? '';
  }

  protected override firstUpdated(): void {
    this.focus();
  }

  protected override render() {
    const { l } = this;
    const s = searchStrings(l);
    return html`
      <div
        @page-close=${(event: Event) => {
          event.stopPropagation();
          this.#back();
        }}
      >
        ${pageHead(this, s.search)}
      </div>
      <co-talk-search-field
        .l=${l}
        .label=${s.search}
        .term=${this.term}
        @term-change=${(event: InnerEvent<'term-change'>) => {
          this.term = event.detail.term;
        }}
      ></co-talk-search-field>
      <div class="list" part="list" tabindex="-1">
        <co-talk-search-view
          exportparts="message-hit"
          .client=${this.client}
          .l=${l}
          .term=${this.term}
          .roomId=${this.roomId}
          .memories=${this.memories}
          .now=${this.now}
        ></co-talk-search-view>
      </div>
    `;
  }

  #back(): void {
    say(this, 'search-open', { open: false });
  }

  readonly #onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.#back();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-search-page-view': SearchPageView;
  }
}

define('co-talk-search-page-view', SearchPageView);
