import { css, html, nothing } from 'lit';
import type { Figures as Wire } from '@co-talk/sdk/protocol';
import { explain } from '../explain.ts';
import { Resource } from '../resource.ts';
import { View } from '../view.ts';
import { sparkline } from './sparkline.ts';

const EVERY_MS = 2_000;
/** Seconds that are drawn. */
const SECONDS = 120;
/** Seconds over which what is said in a number is averaged. */
const RECENT = 5;

/** What happens right now, of all apps or of one. */
export class Figures extends View {
  static override styles = [
    ...View.styles,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(220px, 1fr));
        gap: 16px;
      }
      li {
        padding: 16px 0 0;
      }
      .label {
        padding-inline: 20px;
        color: var(--text-2);
        font-size: 13px;
        line-height: 18px;
        font-weight: 560;
      }
      .value {
        display: flex;
        align-items: baseline;
        gap: 6px;
        padding-inline: 20px;
        font-size: 28px;
        line-height: 38px;
        font-weight: 660;
        letter-spacing: -0.02em;
        font-variant-numeric: tabular-nums;
      }
      .value small {
        font-size: 13px;
        font-weight: 500;
        letter-spacing: 0;
        color: var(--text-2);
      }
      .spark {
        display: block;
        inline-size: 100%;
        block-size: 48px;
        margin-block-start: 8px;
      }
      .area {
        fill: var(--accent);
        stroke: none;
        opacity: 0.1;
      }
      .line {
        stroke: var(--accent);
        stroke-width: 1.75;
        vector-effect: non-scaling-stroke;
      }
      .from {
        margin-block-start: 8px;
        color: var(--text-2);
        font-size: 12px;
        line-height: 16px;
      }
      @media (max-width: 599px) {
        .spark {
          block-size: 32px;
          margin-block-start: 4px;
        }
      }
      .failure {
        margin-block-end: 16px;
      }
    `,
  ];

  static override properties = { path: { attribute: false } };
  declare path: string;

  readonly #figures = new Resource<Wire>(this, () => this.api.get<Wire>(this.path), EVERY_MS);

  constructor() {
    super();
    this.path = '/figures';
  }

  protected override render() {
    const { s, number } = this.l;
    const { value, error } = this.#figures;
    const recent = value?.messages.slice(-RECENT) ?? [];
    const rate = recent.reduce((sum, one) => sum + one, 0) / Math.max(1, recent.length);
    const latest = value?.storeMs.findLast((ms) => ms !== null) ?? null;
    return html`
      ${error === undefined ? nothing : html`<p class="failure" role="alert">${explain(error, this.l)}</p>`}
      <ul aria-label=${s.figures}>
        ${this.#tile(s.connections, value?.connections ?? [], number(value?.connections.at(-1) ?? 0))}
        ${this.#tile(s.messagesPerSecond, value?.messages ?? [], number(rate))}
        ${this.#tile(s.storeTime, value?.storeMs ?? [], latest === null ? '–' : number(latest), latest === null ? '' : 'ms')}
      </ul>
      <p class="from">${value ? s.figuresFrom(value.node) : ' '}</p>
    `;
  }

  #tile(label: string, values: readonly (number | null)[], now: string, unit = '') {
    const highest = this.l.number(Math.max(0, ...values.map((one) => one ?? 0)));
    return html`<li class="card">
      <p class="label">${label}</p>
      <p class="value">${now}${unit ? html`<small>${unit}</small>` : nothing}</p>
      ${sparkline(values, SECONDS, this.l.s.figureLine(label, now, highest))}
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-figures': Figures;
  }
}

customElements.define('ct-figures', Figures);
