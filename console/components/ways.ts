import { css, html, nothing } from 'lit';
import type { AdminApp, UpdateApp } from '@co-talk/sdk/protocol';
import { explain } from '../explain.ts';
import { textOf, View } from '../view.ts';

type Switch = 'accounts' | 'hostUsers' | 'guests' | 'noOrigin';

/** The ways into an app: who may sign in, and how. Switches hold at once. */
export class Ways extends View {
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
    app: { attribute: false },
    save: { attribute: false },
    wished: { state: true },
    failure: { state: true },
  };

  declare app: AdminApp;
  declare save: (changes: UpdateApp) => Promise<void>;
  /** Switches that were turned, until the server has said so as well. */
  declare wished: Partial<Record<Switch, boolean>>;
  declare failure: unknown;

  constructor() {
    super();
    this.wished = {};
    this.failure = null;
  }

  protected override render() {
    const { s } = this.l;
    return html`<section class="card" aria-labelledby="ways">
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
      <form class="body jwks" @submit=${this.#submit}>
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
              .value=${this.app.jwksUrl ?? ''}
              aria-invalid=${this.failure ? 'true' : nothing}
              aria-describedby="jwks-hint"
            />
            <button class="btn quiet">${s.save}</button>
          </div>
          ${this.failure ? html`<p class="problem field" role="alert">${explain(this.failure, this.l)}</p>` : nothing}
          <p class="hint" id="jwks-hint">${s.jwksHint}</p>
        </div>
      </form>
    </section>`;
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

  async #turn(name: Switch, on: boolean): Promise<void> {
    this.wished = { ...this.wished, [name]: on };
    await this.attempt(() => this.save({ [name]: on }));
    const { [name]: _done, ...others } = this.wished;
    this.wished = others;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    this.failure = null;
    try {
      await this.save({ jwksUrl: textOf(new FormData(event.target as HTMLFormElement), 'jwksUrl') || null });
      this.say('toast', { text: this.l.s.saved });
    } catch (error) {
      this.failure = error;
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-ways': Ways;
  }
}

customElements.define('ct-ways', Ways);
