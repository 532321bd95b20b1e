import { css, html, nothing } from 'lit';
import type { AdminApp, AppSettings as Settings, UpdateApp } from '@co-talk/sdk/protocol';
import { explain } from '../explain.ts';
import { link } from '../route.ts';
import { textOf, View } from '../view.ts';
import './confirm.ts';
import './origins.ts';
import './ways.ts';

/** An app's settings. Switches hold at once; fields when they are saved. Says `app` with what the app is now. */
export class AppSettings extends View {
  static override styles = [
    ...View.styles,
    css`
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(240px, 1fr));
        gap: 0 20px;
      }
    `,
  ];

  static override properties = {
    path: { attribute: false },
    app: { attribute: false },
    failure: { state: true },
    removing: { state: true },
  };

  declare path: string;
  declare app: AdminApp;
  declare failure: unknown;
  declare removing: boolean;

  constructor() {
    super();
    this.path = '';
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

      <ct-ways
        .api=${this.api}
        .l=${this.l}
        .app=${app}
        .save=${(changes: UpdateApp) => this.#update(changes)}
      ></ct-ways>

      <section class="card" aria-labelledby="general">
        <header><h2 id="general">${s.general}</h2></header>
        <form class="body" @submit=${this.#submit}>
          <div class="grid">${this.#fields(app.settings)}</div>
          ${this.failure ? html`<p class="problem field" role="alert">${explain(this.failure, this.l)}</p>` : nothing}
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

  #fields({ emailSearch, guestRetentionDays, requireVerifiedEmail, messageLength, editWindowMinutes }: Settings) {
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
        <label for="editing">${s.editWindow}</label>
        <input
          id="editing"
          name="editWindowMinutes"
          type="number"
          min="0"
          max="5256000"
          placeholder=${s.noEnd}
          .value=${editWindowMinutes === null ? '' : String(editWindowMinutes)}
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

  #general(form: FormData): UpdateApp {
    const length = textOf(form, 'messageLength');
    const minutes = textOf(form, 'editWindowMinutes');
    return {
      name: textOf(form, 'name'),
      settings: {
        emailSearch: textOf(form, 'emailSearch') as Settings['emailSearch'],
        guestRetentionDays: Number(textOf(form, 'guestRetentionDays')),
        requireVerifiedEmail: textOf(form, 'requireVerifiedEmail') !== '',
        messageLength: length === '' ? null : Number(length),
        editWindowMinutes: minutes === '' ? null : Number(minutes),
      },
    };
  }

  async #update(changes: UpdateApp): Promise<void> {
    const app = await this.api.patch<AdminApp>(this.path, changes);
    this.dispatchEvent(new CustomEvent('app', { detail: app }));
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    this.failure = null;
    try {
      await this.#update(this.#general(new FormData(event.target as HTMLFormElement)));
      this.say('toast', { text: this.l.s.saved });
    } catch (error) {
      this.failure = error;
    }
  };

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
