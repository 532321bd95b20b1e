import { css, html, LitElement, nothing } from 'lit';
import { CoTalkError, type Client, type SentMessage } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { attempt, explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { reportStrings } from '../locales/report.ts';
import { englishLocalizer, nameOf, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import type { MenuItem } from './menu.ts';
import { LongPress, RovingTools, toolStyles } from './message-menu-tools.ts';
import type { MessageList } from './message-list.ts';
import type { Row } from './message-row.ts';

/**
 * What can be done with the messages of the list right before it: a button beside each, its menu, and what is asked then. It covers the
 * room, and lets everything through where it has nothing to show.
 */
export class MessageMenuView extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: 0;
        z-index: 2;
        pointer-events: none;
      }
      co-talk-menu {
        position: absolute;
        pointer-events: auto;
      }
      co-talk-report-dialog {
        pointer-events: auto;
      }
    `,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    message: { state: true },
    reporting: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  /** The one whose menu was opened last. */
  declare message: SentMessage | null;
  declare reporting: boolean;

  #list: MessageList | null = null;
  #opener: HTMLElement | null = null;
  #closing = false;
  #stops: (() => void)[] = [];

  constructor() {
    super();
    this.l = englishLocalizer;
    this.message = null;
    this.reporting = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const list = this.previousElementSibling as MessageList;
    const root = list.renderRoot as ShadowRoot;
    if (toolStyles.styleSheet && !root.adoptedStyleSheets.includes(toolStyles.styleSheet)) {
      root.adoptedStyleSheets.push(toolStyles.styleSheet);
    }
    this.#list = list;
    list.tools = this.#tool;
    const close = () => this.#menu?.close();
    root.addEventListener('scroll', close, { capture: true, passive: true });
    this.#stops = [
      () => root.removeEventListener('scroll', close, { capture: true }),
      new RovingTools(root).stop,
      new LongPress(root).stop,
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
    if (this.#list) this.#list.tools = undefined;
    this.#cover(false);
  }

  protected override render() {
    const { message, l } = this;
    if (!message) return nothing;
    const sender = this.client.users.store.get().get(message.senderId);
    return html`<co-talk-menu
        exportparts="menu"
        .label=${reportStrings(l).actions}
        .items=${this.#items(message)}
        @pick=${this.#onPick}
      ></co-talk-menu>
      ${
        this.reporting
          ? html`<co-talk-report-dialog
              .l=${l}
              .name=${nameOf(sender, l) ?? '…'}
              .text=${message.text}
              @act=${this.#closeReport}
              @report=${this.#report}
            ></co-talk-report-dialog>`
          : nothing
      }`;
  }

  get #menu() {
    return this.renderRoot.querySelector('co-talk-menu');
  }

  #items({ senderId }: SentMessage): MenuItem[] {
    const r = reportStrings(this.l);
    const own = senderId === this.client.auth.store.get().me?.id;
    return [{ id: 'copy', label: r.copy }, ...(own ? [] : [{ id: 'report', label: r.report, danger: true }])];
  }

  readonly #tool = ({ message }: Row): unknown =>
    message.state !== 'sent' || message.deletedAt !== null || message.type === 'system'
      ? nothing
      : html`<button
          class="icon tool"
          tabindex="-1"
          aria-label=${reportStrings(this.l).actions}
          aria-haspopup="menu"
          @pointerdown=${(event: Event) => {
            this.#closing = this.#menu?.open === true && this.#opener === event.currentTarget;
          }}
          @click=${(event: Event) => {
            // Its menu has closed, since the focus has left it.
            if (!this.#closing) void this.#open(message, event.currentTarget as HTMLElement);
            this.#closing = false;
          }}
        >
          ${icons.more}
        </button>`;

  async #open(message: SentMessage, opener: HTMLElement): Promise<void> {
    this.message = message;
    this.#opener = opener;
    await this.updateComplete;
    const menu = this.#menu;
    if (!menu) return;
    const own = this.getBoundingClientRect();
    const { left, top, width, height } = opener.getBoundingClientRect();
    const place = { left: left - own.left, top: top - own.top, width, height };
    for (const [side, px] of Object.entries(place)) menu.style.setProperty(side, `${String(px)}px`);
    await menu.openFor(opener);
  }

  readonly #onPick = (event: InnerEvent<'pick'>): void => {
    event.stopPropagation();
    const { message } = this;
    if (!message) return;
    if (event.detail.id === 'copy') {
      void attempt(this, this.l, () => navigator.clipboard.writeText(message.text)).then((done) => {
        if (done) say(this, 'notice', { text: reportStrings(this.l).copied });
      });
    }
    if (event.detail.id === 'report') void this.#ask();
  };

  async #ask(): Promise<void> {
    if (!(await attempt(this, this.l, () => import('./report-dialog.ts')))) return;
    this.reporting = true;
    this.#cover(true);
  }

  /** Nothing of what a dialog covers can be reached meanwhile. */
  #cover(covered: boolean): void {
    for (const element of this.parentNode?.children ?? []) {
      if (element !== this && element instanceof HTMLElement) element.inert = covered;
    }
  }

  readonly #closeReport = (event: Event): void => {
    event.stopPropagation();
    this.reporting = false;
    this.#cover(false);
    const back = this.#opener?.isConnected ? this.#opener : this.#list?.parts()?.scroller;
    back?.focus({ preventScroll: true });
  };

  readonly #report = async (event: InnerEvent<'report'>): Promise<void> => {
    event.stopPropagation();
    const { message } = this;
    const dialog = this.renderRoot.querySelector('co-talk-report-dialog');
    if (!message || !dialog) return;
    try {
      await this.client.messages.room(message.roomId).report(message.id, event.detail.reason);
      await dialog.thank();
    } catch (error) {
      const gone = error instanceof CoTalkError && error.code === 'conflict';
      dialog.refuse(gone ? reportStrings(this.l).gone : explain(error, this.l));
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-message-menu': MessageMenuView;
  }
}

define('co-talk-message-menu', MessageMenuView);
