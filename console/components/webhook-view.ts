import { css, html, nothing } from 'lit';
import type { UpdateWebhook, Webhook, WebhookWithSecret } from '@co-talk/sdk/protocol';
import { icons } from '../icons.ts';
import { Resource } from '../resource.ts';
import { link } from '../route.ts';
import { View } from '../view.ts';
import { pageStyles } from './page.styles.ts';
import './confirm.ts';
import './deliveries.ts';
import './secret.ts';
import './webhook-form.ts';
import { webhookBadge } from './webhooks-view.ts';

/** One webhook, and what can be done with it. */
export class WebhookView extends View {
  static override styles = [
    ...View.styles,
    pageStyles,
    css`
      .title {
        overflow-wrap: anywhere;
      }
    `,
  ];

  static override properties = {
    path: { attribute: false },
    appId: { attribute: false },
    open: { state: true },
    made: { state: true },
  };

  declare path: string;
  declare appId: string;
  declare open: 'edit' | 'remove' | 'rotate' | null;
  declare made: WebhookWithSecret | null;

  readonly #webhook = new Resource<Webhook>(this, () => this.api.get(this.path));

  constructor() {
    super();
    this.open = null;
    this.made = null;
  }

  protected override render() {
    const { s } = this.l;
    return html`<div class="stack">
      <a class="up" href=${link('apps', this.appId, 'webhooks')}>${icons.back}${s.tabs.webhooks}</a>
      <section class="card" aria-label=${s.webhook}>
        ${this.show(this.#webhook, (webhook) => this.#head(webhook))}
      </section>
      <ct-deliveries .api=${this.api} .l=${this.l} .path=${this.path}></ct-deliveries>
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

  readonly #test = async (): Promise<void> => {
    if (await this.attempt(() => this.api.post(`${this.path}/test`), this.l.s.testSent))
      await this.renderRoot.querySelector('ct-deliveries')?.reload();
  };

  async #update(changes: UpdateWebhook): Promise<void> {
    await this.attempt(async () => this.#webhook.set(await this.api.patch<Webhook>(this.path, changes)));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-webhook-view': WebhookView;
  }
}

customElements.define('ct-webhook-view', WebhookView);
