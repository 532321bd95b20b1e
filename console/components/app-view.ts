import { css, html, nothing, type PropertyValues } from 'lit';
import type { AdminApp } from '@co-talk/sdk/protocol';
import { icons } from '../icons.ts';
import { Resource } from '../resource.ts';
import { link, TABS, type Route } from '../route.ts';
import { View } from '../view.ts';
import { pageStyles } from './page.styles.ts';
import './app-overview.ts';
import './app-settings.ts';
import './audit-view.ts';
import './copy.ts';
import './keys-view.ts';
import './reports-view.ts';
import './room-view.ts';
import './rooms-view.ts';
import './users-view.ts';
import './webhook-view.ts';
import './webhooks-view.ts';

type AppRoute = Extract<Route, { at: 'app' }>;

/** One app: its name, and the parts of its page. */
export class AppView extends View {
  static override styles = [
    ...View.styles,
    pageStyles,
    css`
      .id {
        display: flex;
        align-items: center;
        color: var(--text-2);
      }
      nav {
        display: flex;
        gap: 4px;
        margin-block: -4px 20px;
        overflow-x: auto;
        scrollbar-width: none;
        border-block-end: 1px solid var(--border);
      }
      nav a {
        flex: none;
        padding: 10px 10px 12px;
        border-block-end: 2px solid transparent;
        border-radius: 0;
        color: var(--text-2);
        font-weight: 580;
        text-decoration: none;
      }
      nav a[aria-current] {
        border-color: var(--accent);
        color: var(--text);
      }
      nav a:focus-visible {
        outline-offset: -2px;
      }
      @media (max-width: 859px) {
        nav {
          margin-inline: -16px;
          padding-inline: 6px;
        }
      }
      @media (hover: hover) {
        nav a:hover {
          color: var(--text);
        }
      }
    `,
  ];

  static override properties = { route: { attribute: false }, server: { attribute: false } };
  declare route: AppRoute;
  declare server: string;

  readonly #app = new Resource<AdminApp>(this, () => this.api.get<AdminApp>(this.#path));

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('route');
    if (!before || before.appId === this.route.appId) return;
    this.#app.value = undefined;
    void this.#app.reload();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('route')) this.renderRoot.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }

  get #path(): string {
    return `/apps/${encodeURIComponent(this.route.appId)}`;
  }

  protected override render() {
    const { s } = this.l;
    const { appId, tab } = this.route;
    const name = this.#app.value?.name ?? appId;
    return html`
      <header class="head">
        <div>
          <a class="up" href=${link('apps')}>${icons.back}${s.apps}</a>
          <h1>${name}</h1>
          <p class="id"><code>${appId}</code><ct-copy .l=${this.l} .text=${appId} .label=${s.copyAppId}></ct-copy></p>
        </div>
      </header>
      <nav aria-label=${s.parts(name)}>
        ${TABS.map(
          (one) =>
            html`<a
              href=${one === 'overview' ? link('apps', appId) : link('apps', appId, one)}
              aria-current=${one === tab ? 'page' : nothing}
              >${s.tabs[one]}</a
            >`,
        )}
      </nav>
      ${this.show(this.#app, (app) => this.#part(app))}
    `;
  }

  #part(app: AdminApp) {
    const { api, l } = this;
    const { tab, id } = this.route;
    const path = this.#path;
    switch (tab) {
      case 'overview':
        return html`<ct-app-overview
          .api=${api}
          .l=${l}
          .path=${path}
          .app=${app}
          .server=${this.server}
        ></ct-app-overview>`;
      case 'settings':
        return html`<ct-app-settings
          .api=${api}
          .l=${l}
          .path=${path}
          .app=${app}
          @app=${(event: CustomEvent<AdminApp>) => this.#app.set(event.detail)}
        ></ct-app-settings>`;
      case 'keys':
        return html`<ct-keys-view .api=${api} .l=${l} .path=${path}></ct-keys-view>`;
      case 'users':
        return html`<ct-users-view .api=${api} .l=${l} .path=${path}></ct-users-view>`;
      case 'rooms':
        return id === null
          ? html`<ct-rooms-view .api=${api} .l=${l} .path=${path} .appId=${app.id}></ct-rooms-view>`
          : html`<ct-room-view
              .api=${api}
              .l=${l}
              .path=${`${path}/rooms/${encodeURIComponent(id)}`}
              .appId=${app.id}
            ></ct-room-view>`;
      case 'reports':
        return html`<ct-reports-view
          .api=${api}
          .l=${l}
          .path=${path}
          .appId=${app.id}
          .which=${id === 'resolved' ? 'resolved' : 'open'}
        ></ct-reports-view>`;
      case 'webhooks':
        return id === null
          ? html`<ct-webhooks-view .api=${api} .l=${l} .path=${path} .appId=${app.id}></ct-webhooks-view>`
          : html`<ct-webhook-view
              .api=${api}
              .l=${l}
              .path=${`${path}/webhooks/${encodeURIComponent(id)}`}
              .appId=${app.id}
            ></ct-webhook-view>`;
      case 'audit':
        return html`<ct-audit-view .api=${api} .l=${l} .path=${`${path}/audit`}></ct-audit-view>`;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-app-view': AppView;
  }
}

customElements.define('ct-app-view', AppView);
