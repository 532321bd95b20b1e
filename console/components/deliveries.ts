import { css, html, nothing } from 'lit';
import type { WebhookDelivery, WebhookDeliveryStatus } from '@co-talk/sdk/protocol';
import { icons } from '../icons.ts';
import { Resource, type Rows } from '../resource.ts';
import { empty, View } from '../view.ts';

/** Deliveries change by themselves. */
const EVERY_MS = 3_000;
const STATUSES: WebhookDeliveryStatus[] = ['pending', 'delivered', 'failed'];
const TONES = { pending: 'warn', delivered: 'good', failed: 'bad' } as const;

/** What a webhook was told, and what it answered. */
export class Deliveries extends View {
  static override styles = [
    ...View.styles,
    css`
      .card header {
        padding-block-end: 12px;
      }
      .card select {
        inline-size: auto;
      }
      details {
        border-block-start: 1px solid var(--border);
      }
      summary {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        padding: 12px 20px;
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary:focus-visible {
        outline-offset: -2px;
      }
      summary svg {
        inline-size: 16px;
        block-size: 16px;
        color: var(--text-3);
        transition: rotate 0.12s;
      }
      [open] summary svg {
        rotate: 90deg;
      }
      summary .main {
        flex: 1;
        font-weight: 580;
      }
      summary time {
        color: var(--text-2);
        font-size: 13px;
      }
      .more {
        display: grid;
        gap: 10px;
        padding: 0 20px 16px 48px;
      }
      .more li {
        color: var(--text-2);
        font-size: 13px;
        overflow-wrap: anywhere;
      }
      .more strong {
        color: var(--text);
        font-weight: 580;
      }
    `,
  ];

  static override properties = { path: { attribute: false }, status: { state: true } };

  /** Of the webhook. */
  declare path: string;
  declare status: WebhookDeliveryStatus | '';

  /** The newest, kept fresh; what was paged to stays behind them. */
  readonly #deliveries = new Resource<Rows<WebhookDelivery>>(this, () => this.#refresh(), EVERY_MS);

  constructor() {
    super();
    this.status = '';
  }

  /** Looks again at once. */
  reload(): Promise<void> {
    return this.#deliveries.reload();
  }

  protected override render() {
    const { s } = this.l;
    return html`<section class="card" aria-labelledby="deliveries">
      <header>
        <div><h2 id="deliveries">${s.deliveries}</h2></div>
        <div class="acts">
          <select aria-label=${s.status} @change=${this.#onStatus}>
            <option value="">${s.anyStatus}</option>
            ${STATUSES.map((one) => html`<option value=${one}>${s.deliveryStatuses[one]}</option>`)}
          </select>
          <button class="btn quiet" @click=${this.#replayAll}>${s.replayFailed}</button>
        </div>
      </header>
      ${this.show(this.#deliveries, ({ items }) =>
        items.length === 0
          ? empty(icons.hook, s.noDeliveries, s.noDeliveriesText)
          : html`${items.map((delivery) => this.#row(delivery))}
            ${this.more(this.#deliveries, (cursor) => this.api.get(this.#asked(cursor)))}`,
      )}
    </section>`;
  }

  #row(delivery: WebhookDelivery) {
    const { s } = this.l;
    const { id, type, about, status, attempts, nextAttemptAt, createdAt } = delivery;
    return html`<details>
      <summary>
        ${icons.next}<code class="main">${type}</code>
        <span class="badge ${TONES[status]}">${s.deliveryStatuses[status]}</span>${this.time(createdAt)}
      </summary>
      <div class="more">
        <p>
          <code>${id}</code
          >${Object.entries(about).map(([name, value]) => html` · ${name} <code>${String(value)}</code>`)}
        </p>
        <ol>
          ${attempts.map(
            (attempt) =>
              html`<li>
                <strong>${attempt.status ?? attempt.error}</strong> · ${this.time(attempt.at)} ·
                ${this.l.number(attempt.ms)} ms ${attempt.answer ? html`<br /><code>${attempt.answer}</code>` : nothing}
              </li>`,
          )}
          ${attempts.length === 0 ? html`<li>${s.notTriedYet}</li>` : nothing}
          ${nextAttemptAt ? html`<li>${s.nextTry} ${this.time(nextAttemptAt)}</li>` : nothing}
        </ol>
        <div><button class="btn quiet" @click=${() => this.#replay(delivery)}>${s.replay}</button></div>
      </div>
    </details>`;
  }

  async #refresh(): Promise<Rows<WebhookDelivery>> {
    const fresh = await this.api.get<Rows<WebhookDelivery>>(this.#asked());
    const known = this.#deliveries.value;
    const last = fresh.items.at(-1);
    if (!known || !last || known.items.length <= fresh.items.length) return fresh;
    return { items: [...fresh.items, ...known.items.filter(({ id }) => id < last.id)], next: known.next };
  }

  #asked(cursor?: string): string {
    const query = new URLSearchParams({
      ...(this.status ? { status: this.status } : {}),
      ...(cursor === undefined ? {} : { cursor }),
      limit: '20',
    });
    return `${this.path}/deliveries?${query.toString()}`;
  }

  readonly #onStatus = (event: Event): void => {
    this.status = (event.target as HTMLSelectElement).value as WebhookDeliveryStatus | '';
    this.#deliveries.value = undefined;
    void this.#deliveries.reload();
  };

  async #replay({ id }: WebhookDelivery): Promise<void> {
    const replay = () => this.api.post(`${this.path}/deliveries/${id}/replay`);
    if (await this.attempt(replay, this.l.s.replayed)) await this.#deliveries.reload();
  }

  readonly #replayAll = async (): Promise<void> => {
    const since = new Date(0).toISOString();
    await this.attempt(async () => {
      const { count } = await this.api.post<{ count: number }>(`${this.path}/replay`, { since });
      this.say('toast', { text: this.l.s.replayedCount(this.l.number(count)) });
      await this.#deliveries.reload();
    });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-deliveries': Deliveries;
  }
}

customElements.define('ct-deliveries', Deliveries);
