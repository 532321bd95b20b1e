import { html, nothing } from 'lit';
import type { OperatorSession } from '@co-talk/sdk/protocol';
import { shellStyles } from './components/shell.styles.ts';
import { explain } from './explain.ts';
import { icons } from './icons.ts';
import { languages, loadLocalizer, matchLanguage } from './localize.ts';
import { link, readRoute, type Route } from './route.ts';
import { readTheme, rememberLanguage, rememberTheme, showTheme, storedLanguage, THEMES } from './settings.ts';
import { View, type ConsoleEvents } from './view.ts';
import './components/app-view.ts';
import './components/apps-view.ts';
import './components/audit-view.ts';
import './components/home-view.ts';
import './components/sign-in.ts';

/** Milliseconds for which a word at the bottom of the screen stands there. */
const TOAST_MS = 5_000;

/** The console: who is signed in, which part of it is shown, and the frame around it. */
export class Console extends View {
  static override styles = [...View.styles, shellStyles];

  static override properties = {
    session: { state: true },
    failure: { state: true },
    ended: { state: true },
    route: { state: true },
    toast: { state: true },
    theme: { state: true },
  };

  /** `undefined`: not known yet; `null`: nobody. */
  declare session: OperatorSession | null | undefined;
  declare failure: unknown;
  declare ended: boolean;
  declare route: Route;
  declare toast: ConsoleEvents['toast'] | null;
  declare theme: (typeof THEMES)[number];

  #toastTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.session = undefined;
    this.failure = null;
    this.ended = false;
    this.route = readRoute(location.hash);
    this.toast = null;
    this.theme = readTheme();
    this.api.onSignedOut = () => {
      this.ended = this.session !== null;
      this.session = null;
    };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#onRoute);
    void this.#speak(matchLanguage([storedLanguage() ?? '', ...navigator.languages]));
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#onRoute);
  }

  protected override render() {
    if (this.session === undefined) return this.failure ? this.#unreachable() : nothing;
    if (this.session === null) {
      return html`<ct-sign-in
        .api=${this.api}
        .l=${this.l}
        .ended=${this.ended}
        @signed-in=${this.#begin}
      ></ct-sign-in>`;
    }
    return html`
      ${this.#frame()}
      <main id="main" tabindex="-1" @toast=${this.#onToast}>${this.#content(this.session)}</main>
      <div class="toasts" role="status">
        ${
          this.toast
            ? html`<p class="toast ${this.toast.bad ? 'bad' : ''}">
                ${this.toast.bad ? icons.warn : icons.tick}${this.toast.text}
              </p>`
            : nothing
        }
      </div>
    `;
  }

  #frame() {
    const { s } = this.l;
    const at = this.route.at === 'app' ? 'apps' : this.route.at;
    const item = (name: 'figures' | 'apps' | 'audit', label: string, icon: unknown) =>
      html`<a href=${name === 'figures' ? link() : link(name)} aria-current=${at === name ? 'page' : nothing}
        >${icon}${label}</a
      >`;
    return html`<aside>
      <a class="skip" href="#main" @click=${this.#skip}>${this.l.s.skip}</a>
      <p class="brand"><span class="mark" aria-hidden="true">${icons.chat}</span>Co-Talk</p>
      <nav aria-label=${s.sections}>
        ${item('figures', s.home, icons.pulse)} ${item('apps', s.apps, icons.apps)} ${item('audit', s.audit, icons.log)}
      </nav>
      <div class="foot">
        <label class="sr" for="lang">${s.language}</label>
        <select
          id="lang"
          @change=${(event: Event) => void this.#speak((event.target as HTMLSelectElement).value, true)}
        >
          ${Object.entries(languages).map(
            ([tag, { name }]) =>
              html`<option value=${tag} lang=${tag} ?selected=${this.l.lang === tag}>${name}</option>`,
          )}
        </select>
        <button class="icon" aria-label=${s.themes[this.theme]} title=${s.themes[this.theme]} @click=${this.#nextTheme}>
          ${{ auto: icons.half, light: icons.sun, dark: icons.moon }[this.theme]}
        </button>
        <button class="icon" aria-label=${s.signOut} title=${s.signOut} @click=${this.#signOut}>${icons.out}</button>
      </div>
    </aside>`;
  }

  #content({ server }: OperatorSession) {
    const { route, api, l } = this;
    switch (route.at) {
      case 'figures':
        return html`<ct-home-view .api=${api} .l=${l}></ct-home-view>`;
      case 'apps':
        return html`<ct-apps-view .api=${api} .l=${l}></ct-apps-view>`;
      case 'audit':
        return html`<ct-audit-view .api=${api} .l=${l} .heading=${l.s.audit}></ct-audit-view>`;
      case 'app':
        return html`<ct-app-view .api=${api} .l=${l} .server=${server} .route=${route}></ct-app-view>`;
      default:
        return html`<div class="card">
          <div class="empty">
            ${icons.search}
            <h3>${l.s.nowhere}</h3>
            <p>${l.s.nowhereText}</p>
            <a class="btn" href=${link()}>${l.s.home}</a>
          </div>
        </div>`;
    }
  }

  #unreachable() {
    return html`<main class="alone">
      <div class="failure" role="alert">
        <p>${explain(this.failure, this.l)}</p>
        <button class="btn quiet" @click=${this.#begin}>${this.l.s.tryAgain}</button>
      </div>
    </main>`;
  }

  /** Finds out who is signed in. */
  readonly #begin = async (): Promise<void> => {
    this.failure = null;
    try {
      this.session = await this.api.get<OperatorSession>('/session');
      this.ended = false;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'unauthenticated') this.session = null;
      else this.failure = error;
    }
  };

  readonly #signOut = async (): Promise<void> => {
    await this.attempt(async () => {
      await this.api.remove('/session');
      this.ended = false;
      this.session = null;
    });
  };

  readonly #onRoute = (): void => {
    // The link past the navigation is none of the console's own addresses.
    if (location.hash === '#main') return;
    this.route = readRoute(location.hash);
    window.scrollTo(0, 0);
  };

  readonly #skip = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('#main')?.focus();
  };

  readonly #onToast = (event: CustomEvent<ConsoleEvents['toast']>): void => {
    this.toast = event.detail;
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => {
      this.toast = null;
    }, TOAST_MS);
  };

  readonly #nextTheme = (): void => {
    this.theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length] ?? 'auto';
    rememberTheme(this.theme);
    showTheme(this.theme);
  };

  async #speak(lang: string, remember = false): Promise<void> {
    if (remember) rememberLanguage(lang);
    await this.attempt(async () => {
      this.l = await loadLocalizer(lang);
      document.documentElement.lang = this.l.lang;
      document.title = this.l.s.title;
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-console': Console;
  }
}

customElements.define('ct-console', Console);
