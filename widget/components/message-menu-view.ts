import { css, html, LitElement, nothing } from 'lit';
import { CoTalkError, type AppConfig, type Client, type SentMessage } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { attempt, explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { reportStrings } from '../locales/report.ts';
import { englishLocalizer, nameOf, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { deeds } from './message-deeds.ts';
import type { Asked } from './message-dialog-view.ts';
import { LongPress, RovingTools, SwipeReply, toolStyles } from './message-menu-tools.ts';
import type { MessageList } from './message-list.ts';
import type { Row } from './message-row.ts';
import { Reactions } from './reactions.ts';

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
      co-talk-emoji-picker {
        position: absolute;
        inset: auto 12px 12px;
        max-inline-size: 400px;
        block-size: min(380px, 100% - 24px);
        margin-inline: auto;
        pointer-events: auto;
      }
      co-talk-message-dialog,
      co-talk-report-dialog {
        pointer-events: auto;
      }
    `,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    message: { state: true },
    asked: { state: true },
    config: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  /** The one whose menu was opened last. */
  declare message: SentMessage | null;
  /** The question about it that is on show. */
  declare asked: Asked | 'report' | null;
  /** What the app offers, once that is known. */
  declare config: AppConfig | null;

  #list: MessageList | null = null;
  readonly #reactions: Reactions = new Reactions(this);
  #opener: HTMLElement | null = null;
  #closing = false;
  #stops: (() => void)[] = [];

  constructor() {
    super();
    this.l = englishLocalizer;
    this.message = null;
    this.asked = null;
    this.config = null;
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
    this.#reactions.watch(list);
    const close = () => this.#menu?.close();
    root.addEventListener('scroll', close, { capture: true, passive: true });
    this.#stops = [
      () => root.removeEventListener('scroll', close, { capture: true }),
      new RovingTools(root).stop,
      new LongPress(root).stop,
      new SwipeReply(root).stop,
    ];
    // Where its file comes after the room, what it is given is there with its first update only.
    void this.updateComplete
      .then(() => this.client.config())
      .then(
        (config) => (this.config = config),
        () => undefined,
      );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
    if (this.#list) this.#list.tools = undefined;
    this.#cover(false);
  }

  protected override render() {
    return html`${this.message ? this.#menuOf(this.message) : nothing}${this.#reactions.render()}`;
  }

  #menuOf(message: SentMessage) {
    const { l } = this;
    const sender = this.client.users.store.get().get(message.senderId);
    return html`<co-talk-menu
        exportparts="menu"
        .label=${reportStrings(l).actions}
        .items=${[...this.#reactions.items(message, this.config), ...deeds(message, this.client, this.config, l)]}
        @pick=${this.#onPick}
      ></co-talk-menu>
      ${
        this.asked === 'report'
          ? html`<co-talk-report-dialog
              .l=${l}
              .name=${nameOf(sender, l) ?? '…'}
              .text=${message.text}
              @act=${this.#closeDialog}
              @report=${this.#report}
            ></co-talk-report-dialog>`
          : this.asked
            ? html`<co-talk-message-dialog
                .client=${this.client}
                .l=${l}
                .message=${message}
                .asked=${this.asked}
                @act=${this.#closeDialog}
              ></co-talk-message-dialog>`
            : nothing
      }`;
  }

  get #menu() {
    return this.renderRoot.querySelector('co-talk-menu');
  }

  readonly #tool = ({ message }: Row): unknown =>
    message.state !== 'sent' || message.deletedAt !== null || message.type === 'system'
      ? nothing
      : html`<button
          class="icon tool"
          tabindex="-1"
          aria-label=${reportStrings(this.l).actions}
          aria-haspopup="menu"
          @swipe=${() => this.#compose('reply', message)}
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
    const { id } = event.detail;
    this.#reactions.picked(message, id, this.#opener);
    if (id === 'reply' || id === 'edit') this.#compose(id, message);
    if (id === 'delete' || id === 'forward' || id === 'details')
      void this.#ask(id, () => import('./message-dialog-view.ts'));
    if (id === 'copy') {
      void attempt(this, this.l, () => navigator.clipboard.writeText(message.text)).then((done) => {
        if (done) say(this, 'notice', { text: reportStrings(this.l).copied });
      });
    }
    if (id === 'report') void this.#ask(id, () => import('./report-dialog.ts'));
  };

  #compose(kind: 'reply' | 'edit', message: SentMessage): void {
    if (kind === 'reply' && this.config?.features.includes('reply') !== true) return;
    say(this, 'compose', { kind, message });
  }

  async #ask(what: NonNullable<typeof this.asked>, load: () => Promise<unknown>): Promise<void> {
    if (!(await attempt(this, this.l, load))) return;
    this.asked = what;
    this.#cover(true);
  }

  /** Nothing of what a dialog covers can be reached meanwhile. */
  #cover(covered: boolean): void {
    for (const element of this.parentNode?.children ?? []) {
      if (element !== this && element instanceof HTMLElement) element.inert = covered;
    }
  }

  readonly #closeDialog = (event: Event): void => {
    event.stopPropagation();
    this.asked = null;
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
