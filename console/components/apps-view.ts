import { css, html, nothing } from 'lit';
import type { AdminApp } from '@co-talk/sdk/protocol';
import { rowLinks } from '../card.styles.ts';
import { explain, fieldOf } from '../explain.ts';
import { icons } from '../icons.ts';
import { Resource } from '../resource.ts';
import { link } from '../route.ts';
import { empty, initial, textOf, View } from '../view.ts';
import { pageStyles } from './page.styles.ts';
import './dialog.ts';

/** Apps from which on a field to find one is shown. */
const MANY = 8;

/** All apps, and a way to make one. */
export class AppsView extends View {
  static override styles = [
    ...View.styles,
    pageStyles,
    rowLinks,
    css`
      .rows li:first-child {
        border: 0;
      }
      .tags {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 4px;
      }
      .find {
        margin-block-end: 16px;
      }
      .empty {
        border: 0;
      }
      @media (max-width: 599px) {
        .tags {
          display: none;
        }
      }
    `,
  ];

  static override properties = {
    creating: { state: true },
    busy: { state: true },
    failure: { state: true },
    term: { state: true },
  };

  declare creating: boolean;
  declare busy: boolean;
  declare failure: unknown;
  declare term: string;

  readonly #apps = new Resource<AdminApp[]>(
    this,
    async () => (await this.api.get<{ items: AdminApp[] }>('/apps')).items,
  );

  constructor() {
    super();
    this.creating = false;
    this.busy = false;
    this.failure = null;
    this.term = '';
  }

  protected override render() {
    const { s } = this.l;
    const apps = this.#apps.value ?? [];
    const term = this.term.trim().toLowerCase();
    return html`
      <header class="head">
        <h1>${s.apps}</h1>
        <button class="btn" @click=${() => this.#open(true)}>${icons.plus}${s.newApp}</button>
      </header>
      ${
        apps.length < MANY
          ? nothing
          : html`<input
              class="find"
              type="search"
              aria-label=${s.findApp}
              placeholder=${s.findApp}
              @input=${(event: Event) => {
                this.term = (event.target as HTMLInputElement).value;
              }}
            />`
      }
      <div class="card">
        ${this.show(this.#apps, (all) => {
          const found = all.filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(term));
          if (all.length === 0) return empty(icons.apps, s.noApps, s.noAppsText);
          if (found.length === 0) return empty(icons.search, s.nothingFound, s.nothingFoundText);
          return html`<ul class="rows" role="list">
            ${found.map((app) => this.#row(app))}
          </ul>`;
        })}
      </div>
      ${this.creating ? this.#form() : nothing}
    `;
  }

  #row(app: AdminApp) {
    const { s } = this.l;
    const ways = [app.accounts && s.accounts, app.hostUsers && s.hostUsers, app.guests && s.guests];
    return html`<li>
      <span class="avatar" aria-hidden="true">${initial(app.name)}</span>
      <div class="main">
        <p class="name">${app.name}</p>
        <p class="sub">
          <code>${app.id}</code>
          <span>${app.origins.length > 0 ? app.origins.slice(0, 2).join(', ') : s.noOrigins}</span>
        </p>
      </div>
      <div class="tags">${ways.map((way) => (way ? html`<span class="badge">${way}</span>` : nothing))}</div>
      ${icons.next}
      <a href=${link('apps', app.id)} aria-label=${app.name}></a>
    </li>`;
  }

  #form() {
    const { s } = this.l;
    const field = fieldOf(this.failure);
    const problem = (name: string) =>
      field === name
        ? html`<p class="problem" id="${name}-problem" role="alert">${explain(this.failure, this.l)}</p>`
        : nothing;
    const wrong = (name: string) => (field === name ? 'true' : nothing);
    return html`<ct-dialog .heading=${s.newApp} .l=${this.l} @close=${() => this.#open(false)}>
      <form @submit=${this.#create}>
        <div class="field">
          <label for="name">${s.name}</label>
          <input id="name" name="name" required maxlength="100" placeholder=${s.nameExample} />
        </div>
        <div class="field">
          <label for="origins">${s.originOfSite}</label>
          <input
            id="origins"
            name="origins"
            inputmode="url"
            autocapitalize="none"
            spellcheck="false"
            placeholder="https://shop.example"
            aria-invalid=${wrong('origins')}
            aria-describedby="origins-hint"
          />
          ${problem('origins')}
          <p class="hint" id="origins-hint">${s.originOfSiteHint}</p>
        </div>
        <div class="field">
          <label for="id">${s.appIdOptional}</label>
          <input
            id="id"
            name="id"
            maxlength="64"
            autocapitalize="none"
            spellcheck="false"
            aria-invalid=${wrong('id')}
            aria-describedby="id-hint"
          />
          ${problem('id')}
          <p class="hint" id="id-hint">${s.appIdHint}</p>
        </div>
        ${
          this.failure && field !== 'id' && field !== 'origins'
            ? html`<p class="failure field" role="alert">${explain(this.failure, this.l)}</p>`
            : nothing
        }
        <button class="btn wide" ?disabled=${this.busy}>${s.createApp}</button>
      </form>
    </ct-dialog>`;
  }

  #open(creating: boolean): void {
    this.creating = creating;
    this.failure = null;
  }

  readonly #create = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const [id, origin] = [textOf(form, 'id'), textOf(form, 'origins').replace(/\/+$/, '')];
    this.busy = true;
    this.failure = null;
    try {
      const body = { name: textOf(form, 'name'), ...(id ? { id } : {}), ...(origin ? { origins: [origin] } : {}) };
      const app = await this.api.post<AdminApp>('/apps', body);
      this.creating = false;
      location.hash = link('apps', app.id);
    } catch (error) {
      this.failure = error;
    }
    this.busy = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-apps-view': AppsView;
  }
}

customElements.define('ct-apps-view', AppsView);
