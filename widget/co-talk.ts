import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Client, Id, Me, StorageChoice, TokenProvider } from '@co-talk/sdk';
import { rowStyles } from './components/rows.styles.ts';
import { coTalkStyles } from './co-talk.styles.ts';
import { Connection } from './connection.ts';
import { emit, type InnerEvent, type Theme } from './events.ts';
import { explain } from './explain.ts';
import { Focus } from './focus.ts';
import { Language } from './language.ts';
import { watchInvites } from './invite-link.ts';
import { launcher } from './launcher.ts';
import type { Localizer } from './localize.ts';
import { Navigation, type Place } from './navigation.ts';
import { Notice } from './notice.ts';
import { PageWatch } from './page-watch.ts';
import { panelContent } from './panel-content.ts';
import { PanelFit } from './panel-fit.ts';
import { base } from './styles.ts';
import { tokens } from './tokens.ts';

const TICK_MS = 30_000;

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
 * @attr {string} user-token - A token in which the site's server has signed who is here. Another token is another person, at once and
 *   without a trace of the one before; no token any more signs out.
 * @attr {boolean} guest - Visitors may chat without an account, where the app lets guests in.
 * @attr {"localStorage"|"memory"|"cookie"} storage - Where the session is kept; read once, by the first element of the app.
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
 * @csspart attach - The buttons that attach files and record sound.
 * @csspart tray - The files that a message will have.
 * @csspart sign - The form that signs in and up.
 *
 * @cssproperty --co-talk-accent - Colour of buttons, links and own messages.
 * @cssproperty --co-talk-on-accent - Text on the accent colour.
 * @cssproperty --co-talk-surface - Background; `--co-talk-surface-2` and `-3` for raised and pressed parts.
 * @cssproperty --co-talk-border - Lines between parts.
 * @cssproperty --co-talk-text - Text; `--co-talk-text-2` and `-3` for secondary and faint text.
 * @cssproperty --co-talk-bubble - Others' bubbles, with `--co-talk-on-bubble` for their text.
 * @cssproperty --co-talk-own - Own bubbles (default: the accent), with `--co-talk-on-own` (default: `--co-talk-on-accent`) for their text.
 * @cssproperty --co-talk-font - Font family. Default: the page's.
 * @cssproperty --co-talk-radius - Corner radius of the panel; `--co-talk-bubble-radius` of bubbles.
 * @cssproperty --co-talk-width - Width of the panel.
 * @cssproperty --co-talk-height - Height of the panel.
 * @cssproperty --co-talk-z-index - Stacking of launcher and panel.
 */
export class CoTalk extends LitElement {
  /** @internal */
  static override styles = [base, rowStyles, tokens, coTalkStyles];

  static override properties = {
    app: {},
    server: {},
    layout: { reflect: true },
    room: {},
    with: {},
    userToken: { attribute: 'user-token' },
    tokenProvider: { attribute: false },
    guest: { type: Boolean },
    storage: {},
    theme: {},
    opened: { type: Boolean, reflect: true, attribute: 'open' },
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
  declare userToken: string | null;
  /**
   * Says who is here: resolves with a token that the site's server has signed, or with `null` for nobody. Asked at the start, when the
   * session has ended, when it is set, and by `identify()`. Set it before the element is in the document, where possible, and
   * the same function every time: another function is asked anew.
   */
  declare tokenProvider: TokenProvider | null;
  declare guest: boolean;
  declare storage: StorageChoice | null;
  declare theme: Theme;
  /** Whether the panel is open: the attribute `open`. */
  declare opened: boolean;

  declare protected now: Date;

  readonly #language = new Language(this);
  readonly #notice = new Notice(this);
  readonly #page = new PageWatch(this);
  readonly #focus: Focus = new Focus(this);
  readonly #fit = new PanelFit(this, () => this.#focus.panel);
  readonly #nav: Navigation = new Navigation(this, {
    client: () => this.client,
    home: () => this.#home(),
    onEnter: () => {
      if (this.#focus.inPanel) void this.#focus.toRoom();
    },
    onFailure: (error) => this.#tell(explain(error, this.l)),
  });
  readonly #link: Connection = new Connection(this, {
    onSwitch: (me) => this.#onSwitch(me !== null),
    onEnded: (reason) => {
      // Where the site says who is here, it is asked.
      if (reason !== 'logout' && this.#link.status === 'signed-out') this.#tell(this.l.s.signedOut);
    },
  });
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.app = '';
    this.server = '';
    this.layout = 'launcher';
    this.room = null;
    this.with = null;
    this.userToken = null;
    this.tokenProvider = null;
    this.guest = false;
    this.storage = null;
    this.theme = 'auto';
    this.opened = false;
    this.now = new Date();
    watchInvites(this, (token) => {
      this.open();
      void this.#nav.go({ invite: token });
    });
  }

  /** The SDK client; `null` while the element is outside the document or has no `app`. Shared by all elements of one app. */
  get client(): Client | null {
    if (this.isConnected) this.#attach();
    return this.#link.shared?.client ?? null;
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
    void this.#nav.go({ room: id }).then(() => this.#focus.toRoom());
  }

  /** Open the panel at the direct room with somebody; after signing in, where nobody is signed in yet. */
  async openDirect(userId: Id): Promise<void> {
    this.open();
    await this.#nav.go({ user: userId });
    await this.#focus.toRoom();
  }

  /** Sign out on this device. Everything of the person is gone from the page when this resolves. */
  async signOut(): Promise<void> {
    await this.client?.auth.logOut();
  }

  /** Ask `tokenProvider` who is here, after somebody has signed in or out on the site. Resolves with whoever is signed in then. */
  async identify(): Promise<Me | null> {
    return (await this.client?.auth.identify()) ?? null;
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
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (name === 'lang' || name === 'dir') this.requestUpdate();
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    this.#focus.inherit();
    this.shadowRoot?.replaceChildren();
    return super.createRenderRoot();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.isConnected) {
      if (changed.has('app') || changed.has('server')) this.#link.detach();
      this.#attach();
      // At first, silence does not mean that nobody is here.
      const { userToken, tokenProvider } = this;
      if (this.hasUpdated || userToken || tokenProvider) this.#link.shared?.hear({ userToken, tokenProvider });
    }
    if (changed.has('opened') && this.opened) this.now = new Date();
    if ((changed.has('room') || changed.has('with')) && this.#link.user && this.#home()) void this.#nav.fulfil();
    this.#language.speak(this.#link.prefs.lang ?? this.#page.lang);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('opened')) this.#onOpened(changed.get('opened'));
  }

  protected override render() {
    const theme = this.#link.prefs.theme ?? this.theme;
    const dark = theme === 'dark' || (theme !== 'light' && this.#page.dark);
    const inline = this.layout === 'inline';
    return html`<div class="root ${dark ? 'dark' : ''}" lang=${this.l.locale} @click=${this.#onClick}>
      ${inline ? nothing : launcher(this.opened, this.#link.unread, this.l, this.#toggle)}
      ${inline || this.opened ? this.#box(inline) : nothing}
    </div>`;
  }

  #box(inline: boolean) {
    return html`<div
      class="panel ${inline ? 'inline' : 'floating'}"
      part="panel"
      role=${inline ? 'region' : 'dialog'}
      aria-label=${this.l.s.chat}
      tabindex="-1"
      @keydown=${this.#onKeydown}
      @panel-close=${() => this.close()}
      @room-open=${(event: InnerEvent<'room-open'>) => this.#nav.enter(event.detail.roomId, event.detail.seq)}
      @direct-open=${(event: InnerEvent<'direct-open'>) => void this.#nav.go({ user: event.detail.userId })}
      @page-open=${this.#onPage}
      @search-open=${(event: InnerEvent<'search-open'>) => this.#nav.search(event.detail.open)}
      @room-close=${() => void this.#focus.toRow(this.#nav.leave())}
      @accounts-change=${(event: InnerEvent<'accounts-change'>) => this.#nav.showAccounts(event.detail.accounts)}
      @tab-change=${this.#onTab}
      @prefs-change=${this.#onPrefs}
      @notice=${(event: InnerEvent<'notice'>) => this.#tell(event.detail.text)}
    >
      <slot name="header"></slot>
      ${this.#content(inline)}
      <div class="notice" role="alert">${this.#notice.text}</div>
    </div>`;
  }

  #content(inline: boolean) {
    const { shared, status, prefs, unread, requests, error } = this.#link;
    return panelContent({
      ...{ shared, status, prefs, unread, requests, error, inline },
      userId: this.#link.user?.id,
      guest: this.guest,
      site: (this.userToken ?? this.tokenProvider) !== null,
      nav: this.#nav,
      l: this.l,
      now: this.now,
      alone: inline && this.#home() !== null,
      wide: inline && this.#fit.wide,
      hasEmpty: [...this.children].some((child) => child.slot === 'empty'),
      loadFailed: () => this.#tell(this.l.s.loadFailed),
    });
  }

  #attach(): void {
    const { userToken, tokenProvider } = this;
    this.#link.attach(this.app, this.server, this.storage, { userToken, tokenProvider });
  }

  #home(): Place | null {
    if (this.room) return { room: this.room };
    return this.with ? { user: this.with } : null;
  }

  #onSwitch(signedIn: boolean): void {
    const focused = this.#focus.inPanel;
    this.#notice.tell('');
    this.#nav.reset(signedIn);
    // What had the focus is gone with the view.
    if (focused) void this.#focus.toPanel();
  }

  readonly #toggle = () => (this.opened = !this.opened);

  /** Whoever comes back from a page is where they were. */
  readonly #onPage = ({ detail }: InnerEvent<'page-open'>): void => {
    const { inPanel } = this.#focus;
    this.#nav.open(detail.page);
    if (!detail.page && inPanel) void (this.#nav.roomId ? this.#focus.toRoom() : this.#focus.toPanel());
  };

  readonly #onTab = ({ detail }: InnerEvent<'tab-change'>): void => this.#nav.show(detail.tab, detail.find === true);

  readonly #onPrefs = (event: InnerEvent<'prefs-change'>): void => {
    const { shared } = this.#link;
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

  #onOpened(was: boolean | undefined): void {
    if (this.layout === 'inline') return;
    if ((was ?? false) !== this.opened) emit(this, this.opened ? 'co-talk-open' : 'co-talk-close', null);
    this.#focus.follow(this.opened, was, this.#nav.roomId !== null);
  }

  protected get l(): Localizer {
    return this.#language.l;
  }

  #tell(text: string): void {
    this.#notice.tell(text);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk': CoTalk;
  }
}
