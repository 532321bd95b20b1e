import type { LitElement } from 'lit';
import type { Id } from '@co-talk/sdk';

/** Where the keyboard's focus goes when the panel opens or closes, a room comes or goes, or somebody else is here. */
export class Focus {
  readonly #host: LitElement;
  #onLauncher = false;

  constructor(host: LitElement) {
    this.#host = host;
  }

  get panel(): HTMLElement | null {
    return this.#host.renderRoot.querySelector<HTMLElement>('.panel');
  }

  get inPanel(): boolean {
    return this.#host.hasUpdated && this.panel?.matches(':focus-within') === true;
  }

  /** The loader's launcher stands where the element's will: whoever is on it stays on it. */
  inherit(): void {
    this.#onLauncher = this.#host.shadowRoot?.activeElement != null;
  }

  /** The panel has opened or closed; `was` is `undefined` where the element has only just come. */
  follow(opened: boolean, was: boolean | undefined, inRoom: boolean): void {
    // A page that begins with an open panel keeps its focus, unless it was on the launcher.
    if (was === undefined && !this.#onLauncher) return;
    if (!opened) {
      this.#launcher?.focus();
      return;
    }
    this.panel?.focus();
    if (inRoom) void this.toRoom();
  }

  async toPanel(): Promise<void> {
    await this.#host.updateComplete;
    this.panel?.focus();
  }

  async toRoom(): Promise<void> {
    await this.#host.updateComplete;
    const view = this.#host.renderRoot.querySelector('co-talk-room-view');
    await view?.updateComplete;
    view?.focus();
  }

  /** To what was found that led to the room, or to its row in the list; to the panel, where it has none. */
  async toRow(roomId: Id | null): Promise<void> {
    await this.#host.updateComplete;
    const page = this.#host.renderRoot.querySelector('co-talk-search-page-view');
    if (page) {
      page.focus();
      return;
    }
    const rooms = this.#host.renderRoot.querySelector('co-talk-rooms-view');
    await rooms?.updateComplete;
    await rooms?.renderRoot.querySelector('co-talk-room-list')?.updateComplete;
    const found = rooms?.renderRoot.querySelector('co-talk-search-view');
    await found?.updateComplete;
    if (!found?.focusOpened() && !rooms?.focusRoom(roomId)) this.panel?.focus();
  }

  get #launcher(): HTMLElement | null {
    const slot = this.#host.renderRoot.querySelector<HTMLSlotElement>('slot[name="launcher"]');
    const own = slot?.assignedElements().find((element) => element instanceof HTMLElement);
    return own ?? this.#host.renderRoot.querySelector<HTMLElement>('.launcher');
  }
}
