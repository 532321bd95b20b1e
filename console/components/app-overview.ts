import { css, html, nothing } from 'lit';
import type { AdminApp } from '@co-talk/sdk/protocol';
import { icons } from '../icons.ts';
import { link } from '../route.ts';
import { View } from '../view.ts';
import './copy.ts';
import './figures.ts';

/** What can be chosen here. */
interface Choices {
  way: 'tag' | 'npm';
  theme: 'light' | 'dark';
  layout: 'launcher' | 'inline';
}

/** What to paste into the site, how that looks, and what happens in the app right now. */
export class AppOverview extends View {
  static override styles = [
    ...View.styles,
    css`
      pre {
        padding: 16px;
        border-radius: 12px;
        background: var(--surface-2);
        font-family: var(--mono);
        font-size: 12.5px;
        line-height: 20px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .under {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px 16px;
        margin-block-start: 12px;
      }
      .notice {
        margin-block-end: 16px;
      }
      .stage {
        border-block-start: 1px solid var(--border);
      }
      iframe {
        display: block;
        inline-size: 100%;
        block-size: 680px;
        border: 0;
        color-scheme: normal;
      }
    `,
  ];

  static override properties = {
    path: { attribute: false },
    app: { attribute: false },
    server: { attribute: false },
    choices: { state: true },
  };

  declare path: string;
  declare app: AdminApp;
  /** Where pages load the chat from. */
  declare server: string;
  declare choices: Choices;

  constructor() {
    super();
    this.path = '';
    this.server = location.origin;
    const theme = document.documentElement.classList.contains('dark') ? 'dark' : 'light';
    this.choices = { way: 'tag', theme, layout: 'launcher' };
  }

  protected override render() {
    const { s } = this.l;
    const { app } = this;
    const snippet = this.choices.way === 'tag' ? tag(this.server, app) : npm(this.server, app);
    const unreachable = app.origins.length === 0 && !app.loopback;
    return html`<div class="stack">
      <section class="card" aria-labelledby="install">
        <header>
          <div>
            <h2 id="install">${s.install}</h2>
            <p class="lead">${s.installText}</p>
          </div>
          ${this.#segments('way', s.install, { tag: s.scriptTag, npm: 'npm' })}
        </header>
        <div class="body">
          ${
            unreachable
              ? html`<p class="notice">
                  ${icons.warn}<span
                    >${s.noOriginYet} <a href=${link('apps', app.id, 'settings')}>${s.addOrigin}</a></span
                  >
                </p>`
              : nothing
          }
          <pre tabindex="0" aria-label=${s.snippet}>${snippet}</pre>
          <div class="under">
            <p class="hint">${this.#hint()}</p>
            <ct-copy .l=${this.l} .text=${snippet} .label=${s.copySnippet} .wide=${true}></ct-copy>
          </div>
        </div>
      </section>
      <ct-figures .api=${this.api} .l=${this.l} .path=${`${this.path}/figures`}></ct-figures>
      <section class="card" aria-labelledby="preview">
        <header>
          <div>
            <h2 id="preview">${s.preview}</h2>
            <p class="lead">${s.previewText}</p>
          </div>
          <div class="acts">
            ${this.#segments('layout', s.layout, { launcher: s.launcher, inline: s.inline })}
            ${this.#segments('theme', s.look, { light: s.light, dark: s.dark })}
          </div>
        </header>
        ${
          location.origin === this.server || app.loopback
            ? html`<div class="stage">
                <iframe title=${s.preview} src=${this.#preview()}></iframe>
              </div>`
            : html`<div class="body">
                <p class="notice">${icons.warn}<span>${s.otherAddress(this.server)}</span></p>
              </div>`
        }
      </section>
    </div>`;
  }

  #hint(): string {
    const { s } = this.l;
    if (this.app.hostUsers) return s.hostUsersHint;
    return this.app.guests ? s.guestsHint : s.accountsHint;
  }

  #preview(): string {
    const { theme, layout } = this.choices;
    const query = new URLSearchParams({ app: this.app.id, theme, layout, lang: this.l.lang });
    if (this.app.guests) query.set('guest', '');
    return `/console/preview?${query.toString()}`;
  }

  #segments<K extends keyof Choices>(name: K, label: string, options: Record<Choices[K], string>) {
    const entries = Object.entries(options) as [Choices[K], string][];
    return html`<div class="segments" role="radiogroup" aria-label=${label}>
      ${entries.map(
        ([value, text]) =>
          html`<label
            ><input
              class="sr"
              type="radio"
              name=${name}
              .checked=${this.choices[name] === value}
              @change=${() => {
                this.choices = { ...this.choices, [name]: value };
              }}
            />${text}</label
          >`,
      )}
    </div>`;
  }
}

const tag = (server: string, app: AdminApp): string =>
  `<script type="module" src="${server}/co-talk.js"></script>\n<co-talk app="${app.id}"${app.guests && !app.accounts ? ' guest' : ''}></co-talk>`;

const npm = (server: string, app: AdminApp): string =>
  `npm install @co-talk/widget\n\nimport '@co-talk/widget';\n\n<co-talk app="${app.id}" server="${server}"${app.guests && !app.accounts ? ' guest' : ''}></co-talk>`;

declare global {
  interface HTMLElementTagNameMap {
    'ct-app-overview': AppOverview;
  }
}

customElements.define('ct-app-overview', AppOverview);
