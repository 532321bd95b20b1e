import { css, html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ReportedMessage } from '@co-talk/sdk/protocol';
import { icons } from '../icons.ts';
import { Resource, type Rows } from '../resource.ts';
import { link } from '../route.ts';
import { empty, View } from '../view.ts';
import type { ReportCardEvents } from './report-card.ts';
import './report-card.ts';

const PAGE = 20;

/** What people have reported: what waits to be looked at, and what was decided. */
export class ReportsView extends View {
  static override styles = [
    ...View.styles,
    css`
      .states {
        display: flex;
        gap: 4px;
        padding: 4px;
        border-radius: 12px;
        background: var(--surface-2);
      }
      .states a {
        padding: 6px 14px;
        border-radius: 9px;
        color: var(--text-2);
        font-weight: 580;
        text-decoration: none;
      }
      .states a[aria-current] {
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow-card);
      }
      .card.more .end {
        border: 0;
      }
    `,
  ];

  static override properties = {
    path: { attribute: false },
    appId: { attribute: false },
    which: { attribute: false },
  };

  declare path: string;
  declare appId: string;
  declare which: 'open' | 'resolved';

  readonly #reports = new Resource<Rows<ReportedMessage>>(this, () => this.api.get(this.#asked()));

  constructor() {
    super();
    this.path = '';
    this.appId = '';
    this.which = 'open';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('which');
    if (before === undefined || !this.hasUpdated) return;
    this.#reports.value = undefined;
    void this.#reports.reload();
  }

  protected override render() {
    const { s } = this.l;
    const rows = this.#reports.value;
    const none = rows?.items.length === 0;
    return html`<div class="stack">
      <section class="card" aria-labelledby="reports">
        <header>
          <div>
            <h2 id="reports" tabindex="-1">${s.tabs.reports}</h2>
            <p class="lead">${s.reportsText}</p>
          </div>
          <nav class="states" aria-label=${s.tabs.reports}>
            ${(['open', 'resolved'] as const).map(
              (which) =>
                html`<a
                  href=${which === 'open' ? link('apps', this.appId, 'reports') : link('apps', this.appId, 'reports', which)}
                  aria-current=${which === this.which ? 'page' : nothing}
                  >${s.reportStates[which]}</a
                >`,
            )}
          </nav>
        </header>
        ${rows && !none ? nothing : this.show(this.#reports, () => this.#none())}
      </section>
      ${rows ? this.#list(rows) : nothing}
    </div>`;
  }

  #none() {
    const { s } = this.l;
    return this.which === 'open'
      ? empty(icons.tick, s.noReports, s.noReportsText)
      : empty(icons.log, s.noResolved, s.noResolvedText);
  }

  #list({ items, next }: Rows<ReportedMessage>) {
    return html`${repeat(
      items,
      ({ id }) => id,
      (item) =>
        html`<ct-report-card
          .api=${this.api}
          .l=${this.l}
          .path=${this.path}
          .appId=${this.appId}
          .item=${item}
          @resolved=${() => void this.#leave(item.id)}
          @changed=${(event: CustomEvent<ReportCardEvents['changed']>) => this.#replace(event.detail)}
        ></ct-report-card>`,
    )}
    ${next === null ? nothing : html`<div class="card more">${this.more(this.#reports, (cursor) => this.api.get(this.#asked(cursor)))}</div>`}`;
  }

  #asked(cursor?: string): string {
    const query = new URLSearchParams({
      state: this.which,
      limit: String(PAGE),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return `${this.path}/reports?${query.toString()}`;
  }

  /** Who has the author disabled here sees it at all of their messages. */
  #replace(item: ReportedMessage): void {
    const rows = this.#reports.value;
    if (!rows) return;
    const known = new Map(item.users.map((user) => [user.id, user]));
    const items = rows.items.map((one) => ({ ...one, users: one.users.map((user) => known.get(user.id) ?? user) }));
    this.#reports.set({ ...rows, items });
  }

  /** What is decided goes from the list, and the focus to what takes its place. */
  async #leave(id: string): Promise<void> {
    const rows = this.#reports.value;
    if (!rows) return;
    const at = rows.items.findIndex((one) => one.id === id);
    const items = rows.items.filter((one) => one.id !== id);
    this.#reports.set({ ...rows, items });
    if (items.length === 0 && rows.next !== null) await this.#reports.reload();
    await this.updateComplete;
    const cards = [...this.renderRoot.querySelectorAll('ct-report-card')];
    const next = cards[Math.min(at, cards.length - 1)];
    if (next) next.focus();
    else this.renderRoot.querySelector<HTMLElement>('#reports')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-reports-view': ReportsView;
  }
}

customElements.define('ct-reports-view', ReportsView);
