import { css, html, nothing } from 'lit';
import type { AuditEntry } from '@co-talk/sdk/protocol';
import { icons } from '../icons.ts';
import { Resource, type Rows } from '../resource.ts';
import { link } from '../route.ts';
import { empty, View } from '../view.ts';

/** Rows of the audit log: who did what to which, and when. */
export class AuditList extends View {
  static override styles = [
    ...View.styles,
    css`
      li {
        align-items: flex-start;
      }
      .when {
        flex: none;
        color: var(--text-2);
        font-size: 13px;
        text-align: end;
      }
      .name code {
        font-weight: 600;
      }
    `,
  ];

  static override properties = { path: { attribute: false }, short: { attribute: false } };
  declare path: string;
  /** Without a way to more. */
  declare short: boolean;

  readonly #rows = new Resource<Rows<AuditEntry>>(this, () => this.api.get(this.path));

  constructor() {
    super();
    this.path = '/audit';
    this.short = false;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('path') && changed.get('path') !== undefined) void this.#rows.reload();
  }

  protected override render() {
    const { s } = this.l;
    return this.show(this.#rows, ({ items }) =>
      items.length === 0
        ? empty(icons.log, s.noAudit, s.noAuditText)
        : html`<ul class="rows" role="list">
              ${items.map((entry) => this.#row(entry))}
            </ul>
            ${
              this.short
                ? nothing
                : this.more(this.#rows, (cursor) =>
                    this.api.get(
                      `${this.path}${this.path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`,
                    ),
                  )
            }`,
    );
  }

  #row({ action, by, target, appId, details, createdAt }: AuditEntry) {
    const { s } = this.l;
    const known = Object.hasOwn(s.actions, action) ? s.actions[action as keyof typeof s.actions] : null;
    const who = by.kind === 'operator' || by.kind === 'system' ? s.byKinds[by.kind] : `${s.byKinds[by.kind]} ${by.id}`;
    const more = Object.entries(details).map(([name, value]) => `${name}: ${String(value)}`);
    return html`<li>
      <div class="main">
        <p class="name">${known ?? html`<code>${action}</code>`}</p>
        <p class="sub">
          <span>${who}</span>
          ${appId === null ? nothing : html`<span>${s.app} <a href=${link('apps', appId)}>${appId}</a></span>`}
          ${target && target.kind !== 'app' ? html`<span><code>${target.kind} ${target.id}</code></span>` : nothing}
          ${more.length ? html`<span>${more.join(' · ')}</span>` : nothing}
        </p>
      </div>
      <span class="when">${this.time(createdAt)}</span>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-audit-list': AuditList;
  }
}

customElements.define('ct-audit-list', AuditList);
