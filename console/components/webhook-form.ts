import { css, html, nothing } from 'lit';
import {
  WEBHOOK_SUBSCRIPTIONS,
  type CreateWebhook,
  type Webhook,
  type WebhookSubscription,
} from '@co-talk/sdk/protocol';
import { explain, fieldOf } from '../explain.ts';
import { textOf, View } from '../view.ts';
import './dialog.ts';

/** A webhook's address and what it is told. Says `close` at the end. */
export class WebhookForm extends View {
  static override styles = [
    ...View.styles,
    css`
      .events {
        columns: 2 170px;
        column-gap: 12px;
      }
      .events label {
        display: flex;
        align-items: center;
        gap: 8px;
        padding-block: 4px;
        break-inside: avoid;
        cursor: pointer;
      }
      .events input {
        inline-size: 16px;
        block-size: 16px;
        accent-color: var(--accent);
      }
    `,
  ];

  static override properties = {
    heading: { attribute: false },
    webhook: { attribute: false },
    save: { attribute: false },
    busy: { state: true },
    failure: { state: true },
  };

  declare heading: string;
  /** The one that is changed; `null`: a new one. */
  declare webhook: Webhook | null;
  declare save: (body: CreateWebhook) => Promise<void>;
  declare busy: boolean;
  declare failure: unknown;

  constructor() {
    super();
    this.heading = '';
    this.webhook = null;
    this.save = () => Promise.resolve();
    this.busy = false;
    this.failure = null;
  }

  protected override render() {
    const { s } = this.l;
    const chosen: readonly string[] = this.webhook?.events ?? ['*'];
    const aboutUrl = fieldOf(this.failure) === 'url';
    return html`<ct-dialog .heading=${this.heading} .l=${this.l} @close=${this.#close}>
      <form @submit=${this.#submit}>
        <div class="field">
          <label for="url">${s.webhookUrl}</label>
          <input
            id="url"
            name="url"
            required
            inputmode="url"
            autocapitalize="none"
            spellcheck="false"
            placeholder="https://shop.example/hooks/co-talk"
            .value=${this.webhook?.url ?? ''}
            aria-invalid=${aboutUrl ? 'true' : nothing}
            aria-describedby="url-hint"
          />
          ${aboutUrl ? html`<p class="problem" role="alert">${explain(this.failure, this.l)}</p>` : nothing}
          <p class="hint" id="url-hint">${s.webhookUrlHint}</p>
        </div>
        <div class="field">
          <label for="description">${s.descriptionOptional}</label>
          <input id="description" name="description" maxlength="200" .value=${this.webhook?.description ?? ''} />
        </div>
        <fieldset class="field">
          <legend>${s.events}</legend>
          <div class="events">
            ${WEBHOOK_SUBSCRIPTIONS.map(
              (event) =>
                html`<label
                  ><input type="checkbox" name="events" value=${event} .checked=${chosen.includes(event)} />${
                    event === '*' ? s.everything : html`<code>${event}</code>`
                  }</label
                >`,
            )}
          </div>
        </fieldset>
        ${this.failure && !aboutUrl ? html`<p class="failure field" role="alert">${explain(this.failure, this.l)}</p>` : nothing}
        <button class="btn wide" ?disabled=${this.busy}>${s.save}</button>
      </form>
    </ct-dialog>`;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new Event('close'));
  };

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    this.failure = null;
    try {
      await this.save({
        url: textOf(form, 'url'),
        description: textOf(form, 'description'),
        events: form.getAll('events') as WebhookSubscription[],
      });
      this.#close();
    } catch (error) {
      this.failure = error;
    }
    this.busy = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-webhook-form': WebhookForm;
  }
}

customElements.define('ct-webhook-form', WebhookForm);
