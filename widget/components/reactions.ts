import { html, nothing, type LitElement, type ReactiveController } from 'lit';
import type { AppConfig, Client, Id, Reaction, SentMessage, User } from '@co-talk/sdk';
import { rememberEmoji } from '../emoji-data.ts';
import type { InnerEvent } from '../events.ts';
import { attempt } from '../explain.ts';
import { icons } from '../icons.ts';
import { reactionStrings } from '../locales/reactions.ts';
import { isolate, nameOf, type Localizer } from '../localize.ts';
import type { MenuItem } from './menu.ts';
import type { MessageList } from './message-list.ts';
import type { Row } from './message-row.ts';
import { reactionStyles } from './reactions.styles.ts';

/** What stands in the menu of a message. */
const QUICK = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** Milliseconds for which a reaction is held until it says who it is of. */
const HOLD_MS = 450;
const NAMES_MAX = 8;

type Host = LitElement & { client: Client; l: Localizer };

/** The reactions of the messages of a list: the chips below the bubbles, and the picker for any other emoji. */
export class Reactions implements ReactiveController {
  readonly #host: Host;
  #list: MessageList | null = null;
  #root: ShadowRoot | null = null;
  /** The message for which the picker is open, and where the focus came from. */
  #picking: { message: SentMessage; opener: HTMLElement | null } | null = null;
  #opener: HTMLElement | null = null;
  #holding: ReturnType<typeof setTimeout> | undefined;
  #held = false;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  /** Shows the reactions in a list, until the host is gone. */
  watch(list: MessageList): void {
    const root = list.renderRoot as ShadowRoot;
    const { styleSheet } = reactionStyles;
    if (styleSheet && !root.adoptedStyleSheets.includes(styleSheet)) root.adoptedStyleSheets.push(styleSheet);
    this.#list = list;
    this.#root = root;
    list.reactions = this.#chips;
    root.addEventListener('keydown', this.#onKeydown);
    root.addEventListener('pointerdown', this.#close);
  }

  hostDisconnected(): void {
    clearTimeout(this.#holding);
    this.#root?.removeEventListener('keydown', this.#onKeydown);
    this.#root?.removeEventListener('pointerdown', this.#close);
    if (this.#list) this.#list.reactions = undefined;
    this.#list = null;
    this.#picking = null;
  }

  /** What the menu of a message begins with, where the server knows of reactions. */
  items(message: SentMessage, config: AppConfig | null): MenuItem[] {
    if (config?.features.includes('reactions') !== true) return [];
    const r = reactionStrings(this.#host.l);
    const mine = this.#now(message).filter(({ userIds }) => userIds.includes(this.#me()));
    const quick = QUICK.map((emoji) => ({
      id: `react:${emoji}`,
      label: r.react(emoji),
      glyph: emoji,
      on: mine.some((one) => one.emoji === emoji),
    }));
    return [...quick, { id: 'react:', label: r.more, glyph: icons.plus }];
  }

  /** Does what was picked in the menu, where that is one of {@link items}. */
  picked(message: SentMessage, id: string, opener: HTMLElement | null): void {
    const [what, emoji] = id.split(':');
    if (what !== 'react') return;
    if (emoji) this.#toggle(message, emoji);
    else void this.#pick(message, opener);
  }

  /** Puts an emoji on a message, or takes it back where it is there already. */
  #toggle(message: SentMessage, emoji: string): void {
    const me = this.#me();
    const on = !this.#now(message).some((one) => one.emoji === emoji && one.userIds.includes(me));
    if (on) rememberEmoji(emoji);
    const { client, l } = this.#host;
    void attempt(this.#host, l, () => client.messages.room(message.roomId).react(message.id, emoji, on));
  }

  async #pick(message: SentMessage, opener: HTMLElement | null): Promise<void> {
    if (!(await attempt(this.#host, this.#host.l, () => import('./emoji-picker.ts')))) return;
    this.#picking = { message, opener };
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector('co-talk-emoji-picker')?.focus();
  }

  /** The picker, where it is open. */
  render(): unknown {
    const { l } = this.#host;
    return this.#picking
      ? html`<co-talk-emoji-picker .l=${l} @pick=${this.#onPicked} @act=${this.#onClosed}></co-talk-emoji-picker>`
      : nothing;
  }

  readonly #onPicked = (event: InnerEvent<'pick'>): void => {
    event.stopPropagation();
    const message = this.#picking?.message;
    if (message) this.#toggle(message, event.detail.id);
    this.#close();
    this.#goBack();
  };

  readonly #onClosed = (event: InnerEvent<'act'>): void => {
    event.stopPropagation();
    this.#close();
    // Whoever has gone elsewhere stays there.
    if (event.detail.action === 'close') this.#goBack();
  };

  readonly #close = (): void => {
    if (!this.#picking) return;
    this.#opener = this.#picking.opener;
    this.#picking = null;
    this.#host.requestUpdate();
  };

  #goBack(): void {
    const back = this.#opener?.isConnected ? this.#opener : this.#list?.parts()?.scroller;
    back?.focus({ preventScroll: true });
  }

  #me(): Id {
    return this.#host.client.auth.store.get().me?.id ?? '';
  }

  /** As the list shows it: what was opened may have changed since. */
  #now({ id, reactions }: SentMessage): readonly Reaction[] {
    const shown = this.#list?.messages.find((one) => one.id === id);
    return shown?.state === 'sent' ? shown.reactions : reactions;
  }

  readonly #chips = ({ message, own }: Row, users: ReadonlyMap<Id, User>): unknown => {
    if (message.state !== 'sent' || message.reactions.length === 0) return nothing;
    return html`<div class="chips ${own ? 'own' : ''}" part="reactions">
      ${message.reactions.map((one) => this.#chip(message, one, users))}
    </div>`;
  };

  #chip(message: SentMessage, { emoji, count, userIds }: Reaction, users: ReadonlyMap<Id, User>) {
    const { l } = this.#host;
    const names = who(userIds, count, this.#me(), users, l);
    return html`<button
      class="chip"
      part="reaction"
      tabindex="-1"
      aria-pressed=${userIds.includes(this.#me()) ? 'true' : 'false'}
      aria-label=${reactionStrings(l).reacted(emoji, count, names)}
      @click=${() => {
        if (!this.#held) this.#toggle(message, emoji);
        this.#held = false;
      }}
      @pointerdown=${this.#onDown}
      @pointerup=${this.#onUp}
      @pointercancel=${this.#onUp}
      @contextmenu=${(event: Event) => {
        if (this.#held) event.preventDefault();
      }}
    >
      <b>${emoji}</b> <span>${count}</span>
      <span class="who" aria-hidden="true">${names}</span>
    </button>`;
  }

  /** A finger that stays asks who it was. */
  readonly #onDown = (event: PointerEvent): void => {
    this.#held = false;
    clearTimeout(this.#holding);
    const chip = event.currentTarget;
    if (event.pointerType !== 'touch' || !(chip instanceof HTMLElement)) return;
    this.#holding = setTimeout(() => {
      this.#held = true;
      chip.classList.add('held');
    }, HOLD_MS);
  };

  readonly #onUp = (event: PointerEvent): void => {
    clearTimeout(this.#holding);
    if (event.currentTarget instanceof HTMLElement) event.currentTarget.classList.remove('held');
  };

  /** From the button of a message along its reactions and back. */
  readonly #onKeydown = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || !(event.target instanceof HTMLElement)) return;
    const { target, key } = event;
    const row = target.matches('.tool, .chip') ? target.closest('.row') : null;
    if (!row) return;
    const stops = [...row.querySelectorAll<HTMLElement>('.tool'), ...row.querySelectorAll<HTMLElement>('.chip')];
    const along = target.matches(':dir(rtl)') ? -1 : 1;
    const step = { ArrowRight: along, ArrowLeft: -along }[key];
    if (step !== undefined) stops[stops.indexOf(target) + step]?.focus();
    else if (target.matches('.chip') && /^(Escape|ArrowUp|ArrowDown)$/.test(key)) stops[0]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** Whose a reaction is, oneself first, and how many more. */
function who(ids: readonly Id[], count: number, me: Id, users: ReadonlyMap<Id, User>, l: Localizer): string {
  const r = reactionStrings(l);
  const others = ids.filter((id) => id !== me).flatMap((id) => nameOf(users.get(id), l) ?? []);
  const names = [...(ids.includes(me) ? [r.you] : []), ...others.map(isolate)].slice(0, NAMES_MAX);
  const more = count - names.length;
  return new Intl.ListFormat(l.locale).format(more > 0 ? [...names, r.others(more)] : names);
}
