import { css, html, nothing } from 'lit';
import { explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { View } from '../view.ts';

/** The sites that may show the chat: a list, and a field for one more. */
export class Origins extends View {
  static override styles = [
    ...View.styles,
    css`
      .rows > li {
        min-block-size: 48px;
        padding-block: 4px;
      }
      code {
        font-size: 13px;
        overflow-wrap: anywhere;
      }
      .nobody {
        padding: 0 20px 16px;
        color: var(--text-2);
      }
      form.body {
        padding-block-start: 16px;
        border-block-start: 1px solid var(--border);
      }
      .field {
        margin: 0;
      }
    `,
  ];

  static override properties = {
    origins: { attribute: false },
    loopback: { attribute: false },
    save: { attribute: false },
    failure: { state: true },
    busy: { state: true },
  };

  declare origins: string[];
  declare loopback: boolean;
  declare save: (origins: string[]) => Promise<void>;
  declare failure: unknown;
  declare busy: boolean;

  constructor() {
    super();
    this.origins = [];
    this.loopback = false;
    this.save = () => Promise.resolve();
    this.failure = null;
    this.busy = false;
  }

  protected override render() {
    const { s } = this.l;
    return html`<section class="card" aria-labelledby="origins">
      <header>
        <div>
          <h2 id="origins">${s.origins}</h2>
          <p class="lead">${s.originsText}</p>
        </div>
      </header>
      ${
        this.origins.length === 0
          ? html`<p class="nobody">${this.loopback ? s.loopbackOnly : s.noOriginYet}</p>`
          : html`<ul class="rows" role="list" aria-label=${s.origins}>
              ${this.origins.map(
                (origin) =>
                  html`<li>
                    <code class="main">${origin}</code>
                    <button class="icon" aria-label=${s.removeOrigin(origin)} @click=${() => this.#remove(origin)}>
                      ${icons.close}
                    </button>
                  </li>`,
              )}
            </ul>`
      }
      <form class="body" @submit=${this.#add} novalidate>
        <div class="field">
          <label for="origin">${s.addOrigin}</label>
          <div class="line">
            <input
              id="origin"
              inputmode="url"
              autocapitalize="none"
              autocomplete="off"
              spellcheck="false"
              placeholder="https://shop.example"
              aria-invalid=${this.failure ? 'true' : nothing}
              aria-describedby="origin-hint"
            />
            <button class="btn" ?disabled=${this.busy}>${s.add}</button>
          </div>
          ${this.failure ? html`<p class="problem" role="alert">${explain(this.failure, this.l)}</p>` : nothing}
          <p class="hint" id="origin-hint">${s.originHint}</p>
        </div>
      </form>
    </section>`;
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('#origin');
  }

  #remove(origin: string): void {
    const before = this.origins;
    void this.attempt(() => this.save(before.filter((one) => one !== origin)), this.l.s.removed);
  }

  readonly #add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const typed = this.#input?.value.trim() ?? '';
    if (typed === '' || this.busy) return;
    this.busy = true;
    this.failure = null;
    try {
      await this.save([...this.origins, originOf(typed)]);
      if (this.#input) this.#input.value = '';
    } catch (error) {
      this.failure = error;
      this.#input?.focus();
    }
    this.busy = false;
  };
}

/** What people paste is often the address of a page: its origin is meant. */
export function originOf(typed: string): string {
  const text = /^https?:\/\//i.test(typed) ? typed : `https://${typed}`;
  if (text.includes('*') || !URL.canParse(text)) return text.replace(/\/+$/, '').toLowerCase();
  return new URL(text).origin;
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-origins': Origins;
  }
}

customElements.define('ct-origins', Origins);
