import { css, html, nothing } from 'lit';
import type {
  UpdateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryStatus,
  WebhookWithSecret,
} from '@co-talk/sdk/protocol';
import { icons } from '../icons.ts';
import { Resource, type Rows } from '../resource.ts';
import { link } from '../route.ts';
import { empty, View } from '../view.ts';
import { pageStyles } from './page.styles.ts';
import './confirm.ts';
import './secret.ts';
import './webhook-form.ts';
import { webhookBadge } from './webhooks-view.ts';

/** Deliveries change by themselves. */
const EVERY_MS = 3_000;
const STATUSES: WebhookDeliveryStatus[] = ['pending', 'delivered', 'failed'];
const TONES = { pending: 'warn', delivered: 'good', failed: 'bad' } as const;

/** One webhook: what it was told, and what it answered. */
export class WebhookView extends View {
  static override styles = [
    ...View.styles,
    pageStyles,
    css`
      .title {
        overflow-wrap: anywhere;
      }
      .deliveries header {
        padding-block-end: 12px;
      }
      .deliveries select {
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

  static override properties = {
    path: { attribute: false },
    appId: { attribute: false },
    open: { state: true },
    made: { state: true },
    status: { state: true },
  };

  declare path: string;
  declare appId: string;
  declare open: 'edit' | 'remove' | 'rotate' | null;
  declare made: WebhookWithSecret | null;
  declare status: WebhookDeliveryStatus | '';

  readonly #webhook = new Resource<Webhook>(this, () => this.api.get(this.path));
  /** The newest, kept fresh; what was paged to stays behind them. */
  readonly #deliveries = new Resource<Rows<WebhookDelivery>>(this, () => this.#refresh(), EVERY_MS);

  constructor() {
    super();
    this.open = null;
    this.made = null;
    this.status = '';
  }

  protected override render() {
    const { s } = this.l;
    return html`<div class="stack">
      <a class="up" href=${link('apps', this.appId, 'webhooks')}>${icons.back}${s.tabs.webhooks}</a>
      <section class="card" aria-label=${s.webhook}>
        ${this.show(this.#webhook, (webhook) => this.#head(webhook))}
      </section>
      <section class="card deliveries" aria-labelledby="deliveries">
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
      </section>
      ${this.#dialog()}
    </div>`;
  }

  #head(webhook: Webhook) {
    const { s } = this.l;
    const show = (open: 'edit' | 'remove' | 'rotate') => () => {
      this.open = open;
    };
    return html`<header>
        <div>
          <h2 class="title">${webhook.url} ${webhookBadge(webhook, s)}</h2>
          <p class="lead">
            ${webhook.description ? html`${webhook.description}<br />` : nothing}${webhook.events.join(', ')}
            ${webhook.failingSince ? html`<br />${s.failingSince} ${this.time(webhook.failingSince)}` : nothing}
            ${webhook.previousSecretUntil ? html`<br />${s.oldSecretUntil(this.l.moment(webhook.previousSecretUntil))}` : nothing}
          </p>
        </div>
      </header>
      <div class="body acts">
        <button class="btn" @click=${this.#test}>${s.sendTest}</button>
        <button class="btn quiet" @click=${show('edit')}>${s.edit}</button>
        <button class="btn quiet" @click=${() => this.#update({ enabled: !webhook.enabled })}>
          ${webhook.enabled ? s.switchOff : s.switchOn}
        </button>
        <button class="btn quiet" @click=${show('rotate')}>${s.rotateSecret}</button>
        <button class="btn quiet danger" @click=${show('remove')}>${s.remove}</button>
      </div>`;
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

  #dialog() {
    const { s } = this.l;
    const webhook = this.#webhook.value;
    const close = () => {
      this.open = null;
    };
    if (this.made) {
      const done = () => {
        this.made = null;
      };
      return html`<ct-secret
        .l=${this.l}
        .heading=${s.newSecret}
        .secret=${this.made.secret}
        @close=${done}
      ></ct-secret>`;
    }
    if (this.open === 'edit' && webhook) {
      const save = async (body: UpdateWebhook) => this.#webhook.set(await this.api.patch<Webhook>(this.path, body));
      return html`<ct-webhook-form
        .l=${this.l}
        .heading=${s.edit}
        .webhook=${webhook}
        .save=${save}
        @close=${close}
      ></ct-webhook-form>`;
    }
    if (this.open === 'rotate') {
      const rotate = async () => {
        this.made = await this.api.post<WebhookWithSecret>(`${this.path}/rotate-secret`, {});
        void this.#webhook.reload();
      };
      return html`<ct-confirm
        .l=${this.l}
        .heading=${s.rotateSecret}
        .text=${s.rotateSecretText}
        .action=${s.rotateSecret}
        .run=${rotate}
        @close=${close}
      ></ct-confirm>`;
    }
    if (this.open !== 'remove') return nothing;
    const remove = async () => {
      await this.api.remove(this.path);
      this.say('toast', { text: s.removed });
      location.hash = link('apps', this.appId, 'webhooks');
    };
    return html`<ct-confirm
      .l=${this.l}
      .heading=${s.removeWebhook}
      .text=${s.removeWebhookText}
      .action=${s.remove}
      .run=${remove}
      @close=${close}
    ></ct-confirm>`;
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

  readonly #test = async (): Promise<void> => {
    if (await this.attempt(() => this.api.post(`${this.path}/test`), this.l.s.testSent))
      await this.#deliveries.reload();
  };

  async #update(changes: UpdateWebhook): Promise<void> {
    await this.attempt(async () => this.#webhook.set(await this.api.patch<Webhook>(this.path, changes)));
  }

  async #replay({ id }: WebhookDelivery): Promise<void> {
    const replay = () => this.api.post(`${this.path}/deliveries/${id}/replay`);
    if (await this.attempt(replay, this.l.s.replayed)) await this.#deliveries.reload();
  }

  readonly #replayAll = async (): Promise<void> => {
    const since = this.#webhook.value?.createdAt ?? new Date(0).toISOString();
    await this.attempt(async () => {
      const { count } = await this.api.post<{ count: number }>(`${this.path}/replay`, { since });
      this.say('toast', { text: this.l.s.replayedCount(this.l.number(count)) });
      await this.#deliveries.reload();
    });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-webhook-view': WebhookView;
  }
}

customElements.define('ct-webhook-view', WebhookView);
