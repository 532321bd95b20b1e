import { html, LitElement, nothing } from 'lit';
import { CoTalkError, type Client, type Me } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { attempt, explain } from '../explain.ts';
import { privacyStrings } from '../locales/privacy.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base, view } from '../styles.ts';
import { pageHead, pageHeadStyles } from './page-head.ts';
import { privacyViewStyles } from './privacy-view.styles.ts';
import './erase-form.ts';
import type { EraseForm } from './erase-form.ts';

/** Who finds one, one's data as a file, and the end of one's account. Says `page-close`, `panel-close`, `notice`. */
export class PrivacyView extends LitElement {
  static override styles = [base, ...pageHeadStyles, view, privacyViewStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    me: { attribute: false },
    closable: { attribute: false },
    loading: { state: true },
    erasing: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare me: Me;
  declare closable: boolean;
  /** The file is being fetched. */
  declare loading: boolean;
  /** Whether to delete the account is being asked. */
  declare erasing: boolean;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.closable = false;
    this.loading = false;
    this.erasing = false;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('.icon')?.focus();
  }

  protected override render() {
    const p = privacyStrings(this.l);
    return html`
      ${pageHead(this, p.title)}
      <div class="list" part="list">
        ${this.me.kind === 'account' && this.me.email ? this.#findable() : nothing}
        <section>
          <h2>${p.data}</h2>
          <p>${p.dataText}</p>
          <button
            class="btn ghost wide"
            aria-busy=${this.loading ? 'true' : 'false'}
            ?disabled=${this.loading}
            @click=${() => void this.#download()}
          >
            ${p.download}
          </button>
        </section>
        <section>
          ${
            this.erasing
              ? html`<co-talk-erase-form
                  .l=${this.l}
                  .kind=${this.me.kind}
                  .email=${this.me.email}
                  @erase=${(event: InnerEvent<'erase'>) => void this.#erase(event)}
                  @act=${() => this.#ask(false)}
                ></co-talk-erase-form>`
              : html`<h2>${p.erasing}</h2>
                  <p>${p.eraseText}</p>
                  <button class="btn danger wide erase" @click=${() => this.#ask(true)}>${p.erase}</button>`
          }
        </section>
      </div>
    `;
  }

  #findable() {
    const p = privacyStrings(this.l);
    return html`<label class="switch">
      <span>
        <span id="findable">${p.findable}</span>
        <span class="hint" id="hint">${p.findableHint}</span>
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-labelledby="findable"
        aria-describedby="hint"
        .checked=${this.me.settings.findableByEmail}
        @change=${(event: Event) => void this.#find(event.target)}
      />
    </label>`;
  }

  async #find(input: EventTarget | null): Promise<void> {
    if (!(input instanceof HTMLInputElement)) return;
    const findableByEmail = input.checked;
    const stored = await attempt(this, this.l, () => this.client.auth.updateMe({ settings: { findableByEmail } }));
    if (!stored) input.checked = !findableByEmail;
  }

  async #download(): Promise<void> {
    this.loading = true;
    const saved = await attempt(this, this.l, async () => this.#save(await this.client.auth.exportMe()));
    if (saved) say(this, 'notice', { text: privacyStrings(this.l).downloaded });
    this.loading = false;
    await this.updateComplete;
    // A disabled button has lost the focus.
    this.renderRoot.querySelector<HTMLElement>('.ghost')?.focus();
  }

  #save(data: unknown): void {
    const link = document.createElement('a');
    const file = new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' });
    link.href = URL.createObjectURL(file);
    link.download = `co-talk-export-${new Date().toISOString().slice(0, 10)}.json`;
    this.renderRoot.append(link);
    link.click();
    link.remove();
    // Browsers read it after the click.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async #erase(event: InnerEvent<'erase'>): Promise<void> {
    const form = event.target as EraseForm;
    // This view goes with the account: what is above it stays.
    const panel = event.composedPath().find((at) => at instanceof HTMLElement && at.part.contains('panel'));
    try {
      await this.client.auth.eraseMe(event.detail);
      say(panel ?? this, 'notice', { text: privacyStrings(this.l).erased });
    } catch (error) {
      const wrong = error instanceof CoTalkError && error.errors?.some(({ path }) => path === 'password') === true;
      form.refuse((l) => (wrong ? privacyStrings(l).wrongPassword : explain(error, l)), wrong);
    }
  }

  #ask(erasing: boolean): void {
    this.erasing = erasing;
    if (!erasing) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.erase')?.focus());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-privacy-view': PrivacyView;
  }
}

define('co-talk-privacy-view', PrivacyView);
