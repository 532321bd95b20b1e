import { css, html, LitElement, nothing } from 'lit';
import { define } from '../define.ts';
import { say, type Tab } from '../events.ts';
import { icons } from '../icons.ts';
import { badge, englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';

/** The three places of the widget. Says `tab-change`. */
export class TabBar extends LitElement {
  static override styles = [
    base,
    css`
      nav {
        display: flex;
        padding: 6px 8px 8px;
        border-block-start: 1px solid var(--ct-border);
      }
      button {
        flex: 1;
        display: grid;
        justify-items: center;
        gap: 2px;
        padding: 6px 0 4px;
        border-radius: 12px;
        position: relative;
        color: var(--ct-text-3);
        font-size: 11px;
        line-height: 14px;
        font-weight: 560;
      }
      button[aria-current] {
        color: var(--ct-accent);
      }
      button:focus-visible {
        outline-offset: -2px;
      }
      i {
        position: absolute;
        inset-block-start: 4px;
        inset-inline-start: calc(50% + 6px);
        inline-size: 8px;
        block-size: 8px;
        border-radius: 4px;
        background: var(--ct-danger);
      }
      @media (hover: hover) {
        button:hover {
          background: var(--ct-surface-2);
        }
      }
      @media (forced-colors: active) {
        i {
          background: Highlight;
        }
        button[aria-current] {
          outline: 1px solid Highlight;
        }
      }
    `,
  ];

  static override properties = {
    l: { attribute: false },
    tab: { attribute: false },
    unread: { attribute: false },
    requests: { attribute: false },
  };

  declare l: Localizer;
  declare tab: Tab;
  declare unread: number;
  /** Friend requests that wait for an answer. */
  declare requests: number;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.tab = 'rooms';
    this.unread = 0;
    this.requests = 0;
  }

  protected override render() {
    const { s } = this.l;
    return html`<nav part="tabs" aria-label=${s.tabs}>
      ${this.#tab('rooms', s.chats, icons.chat, this.unread && this.tab !== 'rooms' ? s.chatsUnread(badge(this.unread)) : '')}
      ${this.#tab('friends', s.friends, icons.people, this.requests ? s.requestsWaiting(badge(this.requests)) : '')}
      ${this.#tab('you', s.you, icons.person, '')}
    </nav>`;
  }

  #tab(tab: Tab, label: string, icon: unknown, news: string) {
    return html`<button
      part="tab"
      data-tab=${tab}
      aria-current=${tab === this.tab ? 'page' : nothing}
      aria-label=${news || nothing}
      @click=${() => say(this, 'tab-change', { tab })}
    >
      ${icon}${label}${news ? html`<i></i>` : nothing}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-tab-bar': TabBar;
  }
}

define('co-talk-tab-bar', TabBar);
