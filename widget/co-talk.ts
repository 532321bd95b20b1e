import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { AuthState, Client, FriendsState, Id, RoomsState } from '@co-talk/sdk';
import './components/room-view.ts';
import './components/rooms-view.ts';
import './components/tab-bar.ts';
import { skeletonRows } from './components/room-list.ts';
import { rowStyles } from './components/rows.styles.ts';
import { coTalkStyles } from './co-talk.styles.ts';
import { emit, type InnerEvent, type Tab, type Theme } from './events.ts';
import { explain } from './explain.ts';
import { icons } from './icons.ts';
import { badge, englishLocalizer, loadLocalizer, type Localizer } from './localize.ts';
import { PageWatch } from './page-watch.ts';
import { PanelFit } from './panel-fit.ts';
import { scriptServer } from './script-server.ts';
import { acquire, release, type Prefs, type Shared } from './shared.ts';
import { StoreController } from './store-controller.ts';
import { base, tokens } from './styles.ts';

const NOTICE_MS = 5000;
const TICK_MS = 30_000;

const views = {
  sign: () => import('./components/sign-view.ts'),
  friends: () => import('./components/friends-view.ts'),
  you: () => import('./components/you-view.ts'),
};

const LIST_PARTS =
  'header, list, room-row, person-row, avatar, presence, empty, search, menu, profile, device, sign, submit';
const ROOM_PARTS =
  'header, messages, message, own-message, other-message, bubble, own-bubble, other-bubble, avatar, presence, day, divider, meta, state, link, jump, composer, composer-bar, input, send, menu, empty';

/**
 * A complete chat. Floating in the corner, or filling its box with `layout="inline"`.
 *
 * ```html
 * <script type="module" src="https://chat.example.com/co-talk.js"></script>
 * <co-talk app="default"></co-talk>
 * ```
 *
 * @attr {string} app - Id of the app on the server. Required.
 * @attr {string} server - Origin of the server. Default: where the script came from.
 * @attr {"launcher"|"inline"} layout - A floating button with a panel, or a box in the page.
 * @attr {string} room - Id of a room to show. With `layout="inline"` the element is this room and nothing else.
 * @attr {string} with - Id of a user: as `room`, with their direct room.
 * @attr {"auto"|"light"|"dark"} theme - Colours; `auto` follows the person's system.
 * @attr {string} lang - Language; default: the page's.
 * @attr {"ltr"|"rtl"} dir - Direction; default: the page's.
 * @attr {boolean} open - Whether the launcher's panel is open. Reflected; in JavaScript it is `opened`, beside the method `open()`.
 *
 * @fires {CustomEvent<{client: Client}>} co-talk-ready - The client is there and the element has rendered.
 * @fires {CustomEvent<null>} co-talk-open - The panel has opened.
 * @fires {CustomEvent<null>} co-talk-close - The panel has closed.
 * @fires {CustomEvent<{count: number}>} co-talk-unread - The number of unread messages has changed.
 * @fires {CustomEvent<{message: Message}>} co-talk-message - A message of somebody else has arrived.
 * @fires {CustomEvent<{message: Message}>} co-talk-sent - A message of this user is stored.
 * @fires {CustomEvent<{user: Me|null}>} co-talk-user - Somebody signed in, changed their profile, or signed out.
 * @fires {CustomEvent<{error: CoTalkError}>} co-talk-error - Something failed that nobody was waiting for.
 * @fires {CustomEvent<{href: string}>} co-talk-link - A link in a message is about to open; cancelable.
 *
 * @slot launcher - Replaces the launcher button; a click on it opens and closes the panel.
 * @slot header - Stands above everything in the panel.
 * @slot empty - Replaces what is shown while there are no chats.
 * @slot composer-top - Stands above the message field.
 *
 * @csspart launcher - The launcher button.
 * @csspart panel - The box of the chat.
 * @csspart header - The head of a view.
 * @csspart list - The scrolling list of a view.
 * @csspart room-row - A room in the list.
 * @csspart person-row - A person in a list.
 * @csspart tabs - The bar of sections.
 * @csspart tab - One section's button.
 * @csspart messages - The scrolling history.
 * @csspart message - A message; also `own-message` or `other-message`.
 * @csspart bubble - A message's bubble; also `own-bubble` or `other-bubble`.
 * @csspart composer - The area of the message field.
 * @csspart input - The message field.
 * @csspart send - The send button.
 * @csspart sign - The form that signs in and up.
 *
 * @cssproperty --co-talk-accent - Colour of buttons, links and own messages.
 * @cssproperty --co-talk-on-accent - Text on the accent colour.
 * @cssproperty --co-talk-surface - Background; `--co-talk-surface-2` and `-3` for raised and pressed parts.
 * @cssproperty --co-talk-border - Lines between parts.
 * @cssproperty --co-talk-text - Text; `--co-talk-text-2` and `-3` for secondary and faint text.
 * @cssproperty --co-talk-bubble - Others' bubbles, with `--co-talk-on-bubble` for their text.
 * @cssproperty --co-talk-own - Own bubbles, with `--co-talk-on-own` for their text.
 * @cssproperty --co-talk-font - Font family. Default: the page's.
 * @cssproperty --co-talk-radius - Corner radius of the panel; `--co-talk-bubble-radius` of bubbles.
 * @cssproperty --co-talk-width - Width of the panel.
 * @cssproperty --co-talk-height - Height of the panel.
 * @cssproperty --co-talk-z-index - Stacking of launcher and panel.
 */
export class CoTalk extends LitElement {
  static override styles = [base, rowStyles, tokens, coTalkStyles];

  static override properties = {
    app: {},
    server: {},
    layout: { reflect: true },
    room: {},
    with: {},
    theme: {},
    opened: { type: Boolean, reflect: true, attribute: 'open' },
    l: { state: true },
    tab: { state: true },
    roomId: { state: true },
    failure: { state: true },
    notice: { state: true },
    finding: { state: true },
    now: { state: true },
  };

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang', 'dir'];
  }

  declare app: string;
  declare server: string;
  declare layout: 'launcher' | 'inline';
  declare room: string | null;
  declare with: string | null;
  declare theme: Theme;
  /** Whether the panel is open: the attribute `open`. */
  declare opened: boolean;

  declare protected l: Localizer;
  declare protected tab: Tab;
  declare protected roomId: Id | null;
  declare protected failure: unknown;
  declare protected notice: string;
  declare protected finding: number;
  declare protected now: Date;

  readonly #page = new PageWatch(this);
  readonly #fit = new PanelFit(this);
  readonly #auth = new StoreController<AuthState>(this, (state) => this.#onAuth(state));
  readonly #rooms = new StoreController<RoomsState>(this, ({ unread }) => this.#onUnread(unread));
  readonly #friends = new StoreController<FriendsState>(this);
  readonly #prefs = new StoreController<Prefs>(this);
  #shared: Shared | null = null;
  #stops: (() => void)[] = [];
  #user: AuthState['me'] = null;
  #unread = 0;
  #ready = false;
  #lang = 'en';
  #wanted: { room?: Id; user?: Id } | null = null;
  #focusLauncher = false;
  #told = false;
  #tick: ReturnType<typeof setInterval> | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.app = '';
    this.server = '';
    this.layout = 'launcher';
    this.room = null;
    this.with = null;
    this.theme = 'auto';
    this.opened = false;
    this.l = englishLocalizer;
    this.tab = 'rooms';
    this.roomId = null;
    this.failure = null;
    this.notice = '';
    this.finding = 0;
    this.now = new Date();
  }

  /** The SDK client; `null` while the element is outside the document or has no `app`. Shared by all elements of one app. */
  get client(): Client | null {
    if (this.isConnected) this.#attach();
    return this.#shared?.client ?? null;
  }

  /** Open the panel and move the focus into it. */
  open(): void {
    this.opened = true;
  }

  /** Close the panel and give the focus back. */
  close(): void {
    this.opened = false;
  }

  /** Open the panel at a room; after signing in, where nobody is signed in yet. */
  openRoom(id: Id): void {
    this.open();
    if (this.#user) this.#enter(id);
    else this.#wanted = { room: id };
  }

  /** Open the panel at the direct room with somebody; after signing in, where nobody is signed in yet. */
  async openDirect(userId: Id): Promise<void> {
    this.open();
    if (this.#user) await this.#enterDirect(userId);
    else this.#wanted = { user: userId };
  }

  /** Sign out on this device. Everything of the person is gone from the page when this resolves. */
  async signOut(): Promise<void> {
    await this.client?.auth.logOut();
  }

  /** @internal */
  panel(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.panel');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = setInterval(() => {
      this.now = new Date();
    }, TICK_MS);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#tick);
    clearTimeout(this.#noticeTimer);
    this.#detach();
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (name === 'lang' || name === 'dir') this.requestUpdate();
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    // The loader's launcher stands here; whoever was on it stays on it.
    this.#focusLauncher = this.shadowRoot?.activeElement != null;
    this.shadowRoot?.replaceChildren();
    return super.createRenderRoot();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.isConnected) {
      if (changed.has('app') || changed.has('server')) this.#detach();
      this.#attach();
    }
    if (changed.has('opened') && this.opened) this.now = new Date();
    if (changed.has('room') || changed.has('with')) {
      this.#wanted = this.room ? { room: this.room } : this.with ? { user: this.with } : this.#wanted;
      if (this.#user) this.#fulfil();
    }
    this.#speak(this.#prefs.value?.lang ?? this.#page.lang);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.#shared && !this.#ready) {
      this.#ready = true;
      emit(this, 'co-talk-ready', { client: this.#shared.client });
    }
    if (changed.has('opened')) this.#onOpened(changed.get('opened') === true);
    if (this.#focusLauncher) {
      this.#focusLauncher = false;
      if (!this.opened) this.#launcher()?.focus();
    }
  }

  protected override render() {
    const theme = this.#prefs.value?.theme ?? this.theme;
    const dark = theme === 'dark' || (theme !== 'light' && this.#page.dark);
    const inline = this.layout === 'inline';
    return html`<div class="root ${dark ? 'dark' : ''}" lang=${this.l.locale} @click=${this.#onClick}>
      ${inline ? nothing : this.#launch()} ${inline || this.opened ? this.#panel(inline) : nothing}
    </div>`;
  }

  #launch() {
    const { s } = this.l;
    const label = this.opened ? s.close : this.#unread ? s.openChatUnread(badge(this.#unread)) : s.openChat;
    return html`<div class="launch ${this.opened ? 'covered' : ''}">
      <slot name="launcher" @click=${this.#toggle}
        ><button
          class="launcher"
          part="launcher"
          aria-haspopup="dialog"
          aria-expanded=${this.opened ? 'true' : 'false'}
          aria-label=${label}
        >
          ${this.opened ? icons.close : icons.chat}
          ${this.#unread && !this.opened ? html`<span class="count" part="count" aria-hidden="true">${badge(this.#unread)}</span>` : nothing}
        </button></slot
      >
    </div>`;
  }

  #panel(inline: boolean) {
    return html`<div
      class="panel ${inline ? 'inline' : 'floating'}"
      part="panel"
      role=${inline ? 'region' : 'dialog'}
      aria-label=${this.l.s.chat}
      tabindex="-1"
      @keydown=${this.#onKeydown}
      @panel-close=${this.close}
      @room-open=${(event: InnerEvent<'room-open'>) => this.#enter(event.detail.roomId)}
      @direct-open=${(event: InnerEvent<'direct-open'>) => void this.#enterDirect(event.detail.userId)}
      @room-close=${this.#leave}
      @tab-change=${this.#onTab}
      @prefs-change=${this.#onPrefs}
      @notice=${(event: InnerEvent<'notice'>) => this.#tell(event.detail.text)}
    >
      <slot name="header"></slot>
      ${this.#content(inline)}
      <div class="notice" role="alert">${this.notice}</div>
    </div>`;
  }

  #content(inline: boolean) {
    const { s } = this.l;
    const shared = this.#shared;
    if (!shared)
      return html`<div class="stage" role="alert">
        ${icons.chat}
        <p>${s.setupMissing}</p>
      </div>`;
    const status = this.#auth.value?.status;
    if (status === 'signed-out') {
      this.#load('sign');
      return html`<co-talk-sign-view
        class="view"
        exportparts=${LIST_PARTS}
        .client=${shared.client}
        .l=${this.l}
        .closable=${!inline}
      ></co-talk-sign-view>`;
    }
    if (status !== 'signed-in')
      return html`<div class="view">
        <p class="sr" role="status">${s.loading}</p>
        ${skeletonRows()}
      </div>`;
    const alone = inline && (this.room !== null || this.with !== null);
    if (alone) return this.#room(shared, false, false);
    if (inline && this.#fit.wide) {
      return html`<div class="pane wide">
        <div class="pane side">${this.#tabs(shared, false)}</div>
        <div class="pane">
          ${
            this.roomId
              ? this.#room(shared, false, false)
              : html`<div class="stage">
                  ${icons.chat}
                  <p>${s.pickChat}</p>
                </div>`
          }
        </div>
      </div>`;
    }
    return this.roomId ? this.#room(shared, true, !inline) : this.#tabs(shared, !inline);
  }

  #room({ client, drafts }: Shared, returnable: boolean, closable: boolean) {
    const { s } = this.l;
    if (this.failure) {
      return html`<div class="stage" role="alert">
        <p>${explain(this.failure, this.l)}</p>
        <button class="btn" @click=${this.#fulfil}>${s.tryAgain}</button>
      </div>`;
    }
    if (!this.roomId) return html`<div class="stage" role="status">${s.loading}</div>`;
    return html`<co-talk-room-view
      class="view"
      exportparts=${ROOM_PARTS}
      .client=${client}
      .drafts=${drafts}
      .l=${this.l}
      .roomId=${this.roomId}
      .returnable=${returnable}
      .closable=${closable}
      .now=${this.now}
      ><slot name="composer-top" slot="composer-top"></slot
    ></co-talk-room-view>`;
  }

  #tabs({ client }: Shared, closable: boolean) {
    const { l, now } = this;
    const selected = this.#fit.wide ? this.roomId : null;
    if (this.tab !== 'rooms') this.#load(this.tab);
    return html`${
        this.tab === 'friends'
          ? html`<co-talk-friends-view
              class="view"
              exportparts=${LIST_PARTS}
              .client=${client}
              .l=${l}
              .closable=${closable}
              .finding=${this.finding}
              .now=${now}
            ></co-talk-friends-view>`
          : this.tab === 'you'
            ? html`<co-talk-you-view
                class="view"
                exportparts=${LIST_PARTS}
                .client=${client}
                .l=${l}
                .prefs=${this.#prefs.value ?? {}}
                .closable=${closable}
                .now=${now}
              ></co-talk-you-view>`
            : html`<co-talk-rooms-view
                class="view"
                exportparts=${LIST_PARTS}
                .client=${client}
                .l=${l}
                .selected=${selected}
                .closable=${closable}
                .now=${now}
                >${this.#has('empty') ? html`<slot name="empty" slot="empty"></slot>` : nothing}</co-talk-rooms-view
              >`
      }
      <co-talk-tab-bar
        exportparts="tabs, tab"
        .l=${l}
        .tab=${this.tab}
        .unread=${this.#unread}
        .requests=${this.#friends.value?.incoming.length ?? 0}
      ></co-talk-tab-bar>`;
  }

  #attach(): void {
    const server = this.server || scriptServer();
    if (this.#shared) return;
    if (!this.app || !server) {
      if (this.#told) return;
      this.#told = true;
      const missing = this.app ? 'server' : 'app';
      console.error(`unable to start the chat; <co-talk> has no ${missing}; add the attribute ${missing}="…"`);
      return;
    }
    const shared = acquire(server.replace(/\/+$/, ''), this.app);
    const { client } = shared;
    this.#shared = shared;
    this.#auth.watch(client.auth.store);
    this.#rooms.watch(client.rooms.store);
    this.#friends.watch(client.friends.store);
    this.#prefs.watch(shared.prefs);
    this.#stops = [
      client.on('message', (detail) => emit(this, 'co-talk-message', detail)),
      client.on('sent', (detail) => emit(this, 'co-talk-sent', detail)),
      client.on('error', (detail) => emit(this, 'co-talk-error', detail)),
      client.on('session-ended', ({ reason }) => {
        if (reason !== 'logout') this.#tell(this.l.s.signedOut);
      }),
    ];
    this.requestUpdate();
  }

  #detach(): void {
    const shared = this.#shared;
    if (!shared) return;
    for (const stop of this.#stops) stop();
    this.#auth.watch(undefined);
    this.#rooms.watch(undefined);
    this.#friends.watch(undefined);
    this.#prefs.watch(undefined);
    this.#shared = null;
    this.#ready = false;
    release(shared);
  }

  #onAuth({ me }: AuthState): void {
    const before = this.#user;
    if (me === before) return;
    this.#user = me;
    if (me?.id !== before?.id) {
      // Nothing of one person may be in view for the next.
      this.roomId = null;
      this.failure = null;
      this.tab = 'rooms';
      if (this.room) this.#wanted = { room: this.room };
      else if (this.with) this.#wanted = { user: this.with };
      if (me) this.#fulfil();
      if (me && this.panel()?.matches(':focus-within')) void this.updateComplete.then(() => this.panel()?.focus());
    }
    emit(this, 'co-talk-user', { user: me });
  }

  #onUnread(unread: number): void {
    if (unread === this.#unread) return;
    this.#unread = unread;
    emit(this, 'co-talk-unread', { count: unread });
  }

  /** Go where the page or the person wanted to be before it was possible. */
  readonly #fulfil = (): void => {
    const wanted = this.#wanted ?? (this.room ? { room: this.room } : this.with ? { user: this.with } : null);
    this.#wanted = null;
    this.failure = null;
    if (wanted?.room) this.roomId = wanted.room;
    else if (wanted?.user) void this.#enterDirect(wanted.user);
  };

  #enter(id: Id): void {
    this.failure = null;
    this.roomId = id;
    void this.#focusRoom();
  }

  async #enterDirect(userId: Id): Promise<void> {
    const client = this.#shared?.client;
    const user = this.#user?.id;
    if (!client) return;
    try {
      const { id } = await client.rooms.openDirect(userId);
      if (user === this.#user?.id) this.#enter(id);
    } catch (error) {
      if (user !== this.#user?.id) return;
      if (this.layout === 'inline' && this.with === userId) this.failure = error;
      else this.#tell(explain(error, this.l));
    }
  }

  async #focusRoom(): Promise<void> {
    await this.updateComplete;
    const view = this.renderRoot.querySelector('co-talk-room-view');
    await view?.updateComplete;
    if (this.layout === 'launcher' || this.panel()?.matches(':focus-within')) view?.focus();
  }

  readonly #leave = (): void => {
    const left = this.roomId;
    this.roomId = null;
    void this.updateComplete.then(async () => {
      const rooms = this.renderRoot.querySelector('co-talk-rooms-view');
      await rooms?.updateComplete;
      await rooms?.renderRoot.querySelector('co-talk-room-list')?.updateComplete;
      if (!rooms?.focusRoom(left)) this.panel()?.focus();
    });
  };

  readonly #toggle = (): void => {
    this.opened = !this.opened;
  };

  readonly #onTab = (event: InnerEvent<'tab-change'>): void => {
    this.tab = event.detail.tab;
    if (event.detail.find) this.finding++;
    else this.finding = 0;
  };

  readonly #onPrefs = (event: InnerEvent<'prefs-change'>): void => {
    const shared = this.#shared;
    if (!shared) return;
    const { lang, ...rest } = { ...shared.prefs.get(), ...event.detail };
    shared.setPrefs({ ...rest, ...(lang ? { lang } : {}) });
  };

  readonly #onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing || this.layout === 'inline') return;
    event.stopPropagation();
    this.close();
  };

  /** A link of a message: the page may want to handle it. */
  readonly #onClick = (event: Event): void => {
    const link = event
      .composedPath()
      .find((at): at is HTMLAnchorElement => at instanceof HTMLAnchorElement && at.part.contains('link'));
    if (link && !emit(this, 'co-talk-link', { href: link.href }, true)) event.preventDefault();
  };

  #onOpened(was: boolean): void {
    if (this.layout === 'inline' || was === this.opened) return;
    emit(this, this.opened ? 'co-talk-open' : 'co-talk-close', null);
    if (this.opened) {
      if (this.roomId) void this.#focusRoom();
      else this.panel()?.focus();
    } else this.#launcher()?.focus();
  }

  /** An empty slot handed on would hide what the inner one shows by itself. */
  #has(slot: string): boolean {
    return [...this.children].some((child) => child.slot === slot);
  }

  #launcher(): HTMLElement | null {
    const slot = this.renderRoot.querySelector<HTMLSlotElement>('slot[name="launcher"]');
    const own = slot?.assignedElements().find((element) => element instanceof HTMLElement);
    return own ?? this.renderRoot.querySelector<HTMLElement>('.launcher');
  }

  #tell(text: string): void {
    clearTimeout(this.#noticeTimer);
    this.notice = text;
    this.#noticeTimer = setTimeout(() => {
      this.notice = '';
    }, NOTICE_MS);
  }

  #speak(tag: string): void {
    if (tag === this.#lang) return;
    this.#lang = tag;
    loadLocalizer(tag).then(
      (l) => {
        if (tag === this.#lang) this.l = l;
      },
      () => undefined,
    );
  }

  /** Elements render empty until their file is there, and fill in by themselves when it is. */
  #load(view: keyof typeof views): void {
    if (customElements.get(`co-talk-${view}-view`)) return;
    views[view]().catch(() => this.#tell(this.l.s.loadFailed));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk': CoTalk;
  }
}
