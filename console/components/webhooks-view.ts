import { html, nothing } from 'lit';
import type { Webhook, WebhookWithSecret } from '@co-talk/sdk/protocol';
import { rowLinks } from '../card.styles.ts';
import { icons } from '../icons.ts';
import { Resource } from '../resource.ts';
import { link } from '../route.ts';
import { empty, View } from '../view.ts';
import './secret.ts';
import './webhook-form.ts';

/** Where the site's own server is told what happens. */
export class WebhooksView extends View {
  static override styles = [...View.styles, rowLinks];

  static override properties = {
    path: { attribute: false },
    appId: { attribute: false },
    creating: { state: true },
    made: { state: true },
  };

  declare path: string;
  declare appId: string;
  declare creating: boolean;
  declare made: WebhookWithSecret | null;

  readonly #webhooks = new Resource<{ items: Webhook[] }>(this, () => this.api.get(`${this.path}/webhooks`));

  constructor() {
    super();
    this.creating = false;
    this.made = null;
  }

  protected override render() {
    const { s } = this.l;
    const show = (creating: boolean) => () => {
      this.creating = creating;
    };
    return html`<section class="card" aria-labelledby="webhooks">
        <header>
          <div>
            <h2 id="webhooks">${s.tabs.webhooks}</h2>
            <p class="lead">${s.webhooksText}</p>
          </div>
          <button class="btn" @click=${show(true)}>${icons.plus}${s.newWebhook}</button>
        </header>
        ${this.show(this.#webhooks, ({ items }) =>
          items.length === 0
            ? empty(icons.hook, s.noWebhooks, s.noWebhooksText)
            : html`<ul class="rows" role="list">
                ${items.map((webhook) => this.#row(webhook))}
              </ul>`,
        )}
      </section>
      ${
        this.creating
          ? html`<ct-webhook-form
              .l=${this.l}
              .heading=${s.newWebhook}
              .save=${async (body: unknown) => {
                this.made = await this.api.post<WebhookWithSecret>(`${this.path}/webhooks`, body);
                void this.#webhooks.reload();
              }}
              @close=${show(false)}
            ></ct-webhook-form>`
          : nothing
      }
      ${
        this.made
          ? html`<ct-secret
              .l=${this.l}
              .heading=${s.webhookMade}
              .secret=${this.made.secret}
              @close=${() => {
                this.made = null;
              }}
            ></ct-secret>`
          : nothing
      }`;
  }

  #row(webhook: Webhook) {
    return html`<li>
      <div class="main">
        <p class="name">${webhook.url}${webhookBadge(webhook, this.l.s)}</p>
        <p class="sub">
          ${webhook.description ? html`<span>${webhook.description}</span>` : nothing}<span
            >${webhook.events.join(', ')}</span
          >
        </p>
      </div>
      ${icons.next}
      <a href=${link('apps', this.appId, 'webhooks', webhook.id)} aria-label=${webhook.url}></a>
    </li>`;
  }
}

/** How a webhook is. */
export function webhookBadge(webhook: Webhook, s: WebhooksView['l']['s']) {
  if (!webhook.enabled) return html`<span class="badge bad">${s.webhookOff[webhook.disabledReason ?? 'manual']}</span>`;
  if (webhook.failingSince !== null) return html`<span class="badge warn">${s.failing}</span>`;
  return html`<span class="badge good">${s.active}</span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-webhooks-view': WebhooksView;
  }
}

customElements.define('ct-webhooks-view', WebhooksView);
