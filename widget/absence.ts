import { css, html, nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import type { ConnectionStatus, Store } from '@co-talk/sdk';
import type { Localizer } from './localize.ts';
import { StoreController } from './store-controller.ts';

/** Time in ms before a lost connection is spoken of: most come back at once. */
const PATIENCE = 1500;

export const absenceStyles = css`
  .offline {
    display: flex;
    flex: none;
    gap: 8px;
    align-items: center;
    justify-content: center;
    padding: 7px 12px;
    font-size: 12px;
    line-height: 16px;
    font-weight: 560;
    background: var(--ct-surface-2);
    color: var(--ct-text-2);
  }
  .offline i {
    flex: none;
    inline-size: 7px;
    block-size: 7px;
    border-radius: 50%;
    background: #f5a524;
  }
`;

/** What is known of each connection, for the next view: it need not wait anew. */
const reasons = new WeakMap<Store<ConnectionStatus>, Absence['reason']>();

/** Whether the connection has been away long enough to say so. */
export class Absence implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #status: StoreController<ConnectionStatus>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #store: Store<ConnectionStatus> | undefined;
  /** `null` while all is well. */
  reason: 'offline' | 'connecting' | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    this.#status = new StoreController<ConnectionStatus>(host, () => this.#check());
    host.addController(this);
  }

  watch(status: Store<ConnectionStatus>): void {
    this.#store = status;
    this.reason = reasons.get(status) ?? null;
    this.#status.watch(status);
  }

  /** The line that says so, and what happens next. Always there for screen readers, who hear only what changes. */
  bar({ s }: Localizer) {
    return html`<div role="status">
      ${this.reason ? html`<div class="offline"><i></i>${s[this.reason]}</div>` : nothing}
    </div>`;
  }

  hostConnected(): void {
    addEventListener('online', this.#check);
    addEventListener('offline', this.#check);
  }

  hostDisconnected(): void {
    removeEventListener('online', this.#check);
    removeEventListener('offline', this.#check);
    clearTimeout(this.#timer);
  }

  /** Without a network a socket may take a minute to notice; the browser knows at once. */
  readonly #check = (): void => {
    clearTimeout(this.#timer);
    const status = navigator.onLine ? this.#status.value : 'offline';
    if (status === 'online' || this.reason) this.#set(status);
    else this.#timer = setTimeout(() => this.#set(status), PATIENCE);
  };

  #set(status: ConnectionStatus | undefined): void {
    this.reason = status === 'online' || status === undefined ? null : status;
    if (this.#store) reasons.set(this.#store, this.reason);
    this.#host.requestUpdate();
  }
}
