import { css, html, nothing } from 'lit';
import type { AuditEntry } from '@co-talk/sdk/protocol';
import { csv, download } from '../download.ts';
import { icons } from '../icons.ts';
import { View } from '../view.ts';
import { pageStyles } from './page.styles.ts';
import './audit-list.ts';

/** Entries that one file holds; more are asked for by the API. */
const EXPORT_MAX = 20_000;
const NOUNS = ['app', 'console', 'key', 'user', 'room', 'message', 'webhook'] as const;
const KINDS = ['operator', 'key', 'user', 'system'] as const;

/** The audit log, filtered, and as a file. Of all apps, or of the one that `path` names. */
export class AuditView extends View {
  static override styles = [
    ...View.styles,
    pageStyles,
    css`
      .filters {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
        gap: 12px;
        padding: 0 20px 16px;
      }
      .filters .field {
        margin: 0;
      }
      @media (max-width: 599px) {
        .filters {
          padding-inline: 16px;
        }
      }
    `,
  ];

  static override properties = {
    path: { attribute: false },
    heading: { attribute: false },
    filter: { state: true },
    busy: { state: true },
  };

  declare path: string;
  declare heading: string | null;
  declare filter: { action: string; by: string; since: string; until: string };
  declare busy: boolean;

  constructor() {
    super();
    this.path = '/audit';
    this.heading = null;
    this.filter = { action: '', by: '', since: '', until: '' };
    this.busy = false;
  }

  protected override render() {
    const { s } = this.l;
    const pick = (
      name: 'action' | 'by',
      label: string,
      all: string,
      names: readonly string[],
      words: Record<string, string>,
    ) =>
      html`<div class="field">
        <label for=${name}>${label}</label>
        <select id=${name} @change=${(event: Event) => this.#set(name, event)}>
          <option value="">${all}</option>
          ${names.map((one) => html`<option value=${one}>${words[one]}</option>`)}
        </select>
      </div>`;
    const day = (name: 'since' | 'until', label: string) =>
      html`<div class="field">
        <label for=${name}>${label}</label>
        <input id=${name} type="date" @change=${(event: Event) => this.#set(name, event)} />
      </div>`;
    return html`
      ${this.heading === null ? nothing : html`<header class="head"><h1>${this.heading}</h1></header>`}
      <section class="card" aria-label=${s.audit}>
        <header>
          <div><p class="lead">${s.auditText}</p></div>
          <div class="acts">
            <button class="btn quiet" ?disabled=${this.busy} @click=${() => this.#export('csv')}>
              ${icons.download}CSV
            </button>
            <button class="btn quiet" ?disabled=${this.busy} @click=${() => this.#export('json')}>
              ${icons.download}JSON
            </button>
          </div>
        </header>
        <div class="filters">
          ${pick('action', s.what, s.anything, NOUNS, s.nouns)} ${pick('by', s.who, s.anybody, KINDS, s.byKinds)}
          ${day('since', s.from)} ${day('until', s.to)}
        </div>
        <ct-audit-list .api=${this.api} .l=${this.l} .path=${this.#asked()}></ct-audit-list>
      </section>
    `;
  }

  #asked(): string {
    const { action, by, since, until } = this.filter;
    const query = new URLSearchParams({ ...(action ? { action } : {}), ...(by ? { by } : {}) });
    if (since) query.set('since', new Date(`${since}T00:00`).toISOString());
    // To the end of that day.
    if (until) query.set('until', new Date(new Date(`${until}T00:00`).getTime() + 86_400_000).toISOString());
    return query.size === 0 ? this.path : `${this.path}?${query.toString()}`;
  }

  #set(name: keyof AuditView['filter'], event: Event): void {
    this.filter = { ...this.filter, [name]: (event.target as HTMLInputElement).value };
  }

  async #export(format: 'csv' | 'json'): Promise<void> {
    this.busy = true;
    await this.attempt(async () => {
      const entries = await this.api.all<AuditEntry>(this.#asked(), EXPORT_MAX);
      const name = `co-talk-audit-${new Date().toISOString().slice(0, 10)}.${format}`;
      if (format === 'json') download(name, 'application/json', JSON.stringify(entries, null, 2));
      else download(name, 'text/csv;charset=utf-8', csv(table(entries)));
    });
    this.busy = false;
  }
}

function table(entries: AuditEntry[]): string[][] {
  const head = ['id', 'createdAt', 'app', 'byKind', 'byId', 'action', 'targetKind', 'targetId', 'details'];
  const rows = entries.map(({ id, createdAt, appId, by, action, target, details }) => [
    ...[id, createdAt, appId ?? '', by.kind, by.id, action, target?.kind ?? '', target?.id ?? ''],
    JSON.stringify(details),
  ]);
  return [head, ...rows];
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-audit-view': AuditView;
  }
}

customElements.define('ct-audit-view', AuditView);
