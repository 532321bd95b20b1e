import { css, html, nothing } from 'lit';
import type { AdminApp, AppSettings as Settings, UpdateApp } from '@co-talk/sdk/protocol';
import { explain } from '../explain.ts';
import { link } from '../route.ts';
import { textOf, View } from '../view.ts';
import './confirm.ts';
import './origins.ts';

type Switch = 'accounts' | 'hostUsers' | 'guests' | 'noOrigin';

/** What an app allows. Switches hold at once; fields when they are saved. Says `app` with what the app is now. */
export class AppSettings extends View {
  static override styles = [
    ...View.styles,
    css`
      .rows > li {
        justify-content: space-between;
      }
      .rows label {
        flex: 1;
        cursor: pointer;
      }
      .rows strong {
        display: block;
        font-weight: 600;
      }
      .rows label span {
        color: var(--text-2);
        font-size: 13px;
        line-height: 18px;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(240px, 1fr));
        gap: 0 20px;
      }
      .jwks {
        padding-block-start: 16px;
        border-block-start: 1px solid var(--border);
      }
      .jwks .field {
        margin: 0;
      }
    `,
  ];

  static override properties = {
    path: { attribute: false },
    app: { attribute: false },
    wished: { state: true },
    failure: { state: true },
    removing: { state: true },
  };

  declare path: string;
  declare app: AdminApp;
  /** Switches that were turned, until the server has said so as well. */
  declare wished: Partial<Record<Switch, boolean>>;
  /** What went wrong, by the form that it went wrong in. */
  declare failure: { form: string; error: unknown } | null;
  declare removing: boolean;

  constructor() {
    super();
    this.path = '';
    this.wished = {};
    this.failure = null;
    this.removing = false;
  }

  protected override render() {
    const { s } = this.l;
    const { app } = this;
    return html`<div class="stack">
      <ct-origins
        .l=${this.l}
        .origins=${app.origins}
        .loopback=${app.loopback}
        .save=${(origins: string[]) => this.#update({ origins })}
      ></ct-origins>

      <section class="card" aria-labelledby="ways">
        <header>
          <div>
            <h2 id="ways">${s.ways}</h2>
            <p class="lead">${s.waysText}</p>
          </div>
        </header>
        <ul class="rows" role="list">
          ${this.#switch('accounts', s.accounts, s.accountsText)}
          ${this.#switch('hostUsers', s.hostUsers, s.hostUsersText)} ${this.#switch('guests', s.guests, s.guestsText)}
          ${this.#switch('noOrigin', s.noOriginClients, s.noOriginText)}
        </ul>
        <form
          class="body jwks"
          @submit=${(event: SubmitEvent) => this.#submit(event, 'jwks', (form) => ({ jwksUrl: textOf(form, 'jwksUrl') || null }))}
        >
          <div class="field">
            <label for="jwks">${s.jwks}</label>
            <div class="line">
              <input
                id="jwks"
                name="jwksUrl"
                type="text"
                inputmode="url"
                autocapitalize="none"
                spellcheck="false"
                placeholder="https://shop.example/.well-known/jwks.json"
                .value=${app.jwksUrl ?? ''}
                aria-invalid=${this.failure?.form === 'jwks' ? 'true' : nothing}
                aria-describedby="jwks-hint"
              />
              <button class="btn quiet">${s.save}</button>
            </div>
            ${this.#problem('jwks')}
            <p class="hint" id="jwks-hint">${s.jwksHint}</p>
          </div>
        </form>
      </section>

      <section class="card" aria-labelledby="general">
        <header><h2 id="general">${s.general}</h2></header>
        <form
          class="body"
          @submit=${(event: SubmitEvent) => this.#submit(event, 'general', (form) => this.#general(form))}
        >
          <div class="grid">${this.#fields(app.settings)}</div>
          ${this.#problem('general')}
          <button class="btn">${s.save}</button>
        </form>
      </section>

      <section class="card" aria-labelledby="remove">
        <header>
          <div>
            <h2 id="remove">${s.removeApp}</h2>
            <p class="lead">${s.removeAppText}</p>
          </div>
          <button
            class="btn quiet danger"
            @click=${() => {
              this.removing = true;
            }}
          >
            ${s.removeApp}
          </button>
        </header>
      </section>
      ${
        this.removing
          ? html`<ct-confirm
              .l=${this.l}
              .heading=${s.removeAppAsk(app.name)}
              .text=${s.removeAppText}
              .action=${s.removeApp}
              .word=${app.id}
              .run=${() => this.#remove()}
              @close=${() => {
                this.removing = false;
              }}
            ></ct-confirm>`
          : nothing
      }
    </div>`;
  }

  #switch(name: Switch, label: string, text: string) {
    return html`<li>
      <label for=${name}><strong>${label}</strong><span id="${name}-text">${text}</span></label>
      <input
        class="switch"
        type="checkbox"
        role="switch"
        id=${name}
        aria-describedby="${name}-text"
        aria-label=${label}
        .checked=${this.wished[name] ?? this.app[name]}
        @change=${(event: Event) => void this.#turn(name, (event.target as HTMLInputElement).checked)}
      />
    </li>`;
  }

  #fields({ emailSearch, guestRetentionDays, requireVerifiedEmail, messageLength }: Settings) {
    const { s } = this.l;
    return html`
      <div class="field">
        <label for="name">${s.name}</label>
        <input id="name" name="name" required maxlength="100" .value=${this.app.name} />
      </div>
      <div class="field">
        <label for="emailSearch">${s.emailSearch}</label>
        <select id="emailSearch" name="emailSearch">
          ${(['partial', 'exact', 'off'] as const).map(
            (one) => html`<option value=${one} ?selected=${one === emailSearch}>${s.emailSearches[one]}</option>`,
          )}
        </select>
      </div>
      <div class="field">
        <label for="retention">${s.guestRetention}</label>
        <input
          id="retention"
          name="guestRetentionDays"
          type="number"
          min="1"
          max="3650"
          required
          .value=${String(guestRetentionDays)}
        />
      </div>
      <div class="field">
        <label for="length">${s.messageLength}</label>
        <input
          id="length"
          name="messageLength"
          type="number"
          min="1"
          max="1000"
          placeholder=${s.serverLimit}
          .value=${messageLength === null ? '' : String(messageLength)}
        />
      </div>
      <div class="field">
        <label for="verified">${s.verifiedEmail}</label>
        <select id="verified" name="requireVerifiedEmail">
          <option value="" ?selected=${!requireVerifiedEmail}>${s.notRequired}</option>
          <option value="yes" ?selected=${requireVerifiedEmail}>${s.required}</option>
        </select>
      </div>
    `;
  }

  #problem(form: string) {
    return this.failure?.form === form
      ? html`<p class="problem field" role="alert">${explain(this.failure.error, this.l)}</p>`
      : nothing;
  }

  #general(form: FormData): UpdateApp {
    const length = textOf(form, 'messageLength');
    return {
      name: textOf(form, 'name'),
      settings: {
        emailSearch: textOf(form, 'emailSearch') as Settings['emailSearch'],
        guestRetentionDays: Number(textOf(form, 'guestRetentionDays')),
        requireVerifiedEmail: textOf(form, 'requireVerifiedEmail') !== '',
        messageLength: length === '' ? null : Number(length),
      },
    };
  }

  async #update(changes: UpdateApp): Promise<void> {
    const app = await this.api.patch<AdminApp>(this.path, changes);
    this.dispatchEvent(new CustomEvent('app', { detail: app }));
  }

  async #turn(name: Switch, on: boolean): Promise<void> {
    this.wished = { ...this.wished, [name]: on };
    await this.attempt(() => this.#update({ [name]: on }));
    const { [name]: _done, ...others } = this.wished;
    this.wished = others;
  }

  async #submit(event: SubmitEvent, form: string, read: (form: FormData) => UpdateApp): Promise<void> {
    event.preventDefault();
    this.failure = null;
    try {
      await this.#update(read(new FormData(event.target as HTMLFormElement)));
      this.say('toast', { text: this.l.s.saved });
    } catch (error) {
      this.failure = { form, error };
    }
  }

  async #remove(): Promise<void> {
    await this.api.remove(this.path);
    this.say('toast', { text: this.l.s.removed });
    location.hash = link('apps');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-app-settings': AppSettings;
  }
}

customElements.define('ct-app-settings', AppSettings);
