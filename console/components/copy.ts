import { css, html, LitElement, nothing } from 'lit';
import { icons } from '../icons.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';

/** A button that copies a text. */
export class Copy extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
        flex: none;
      }
      .done {
        color: var(--good);
      }
    `,
  ];

  static override properties = {
    l: { attribute: false },
    text: { attribute: false },
    label: { attribute: false },
    wide: { attribute: false },
    said: { state: true },
  };

  declare l: Localizer;
  declare text: string;
  /** What is copied: `Copy the app id`. */
  declare label: string;
  /** With its label, instead of an icon alone. */
  declare wide: boolean;
  /** What came of it, for a moment. */
  declare said: 'copied' | 'copyByHand' | null;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.text = '';
    this.label = '';
    this.wide = false;
    this.said = null;
  }

  protected override render() {
    const { s } = this.l;
    const said = this.said ? s[this.said] : '';
    const icon = this.said === 'copied' ? icons.tick : icons.copy;
    return html`<button
        class="${this.wide ? 'btn quiet' : 'icon'} ${this.said === 'copied' ? 'done' : ''}"
        type="button"
        aria-label=${this.wide ? nothing : this.label}
        title=${this.wide ? nothing : this.label}
        @click=${this.#copy}
      >
        ${icon}${this.wide ? said || this.label : nothing}
      </button>
      <span class="sr" role="status">${said}</span>`;
  }

  readonly #copy = async (): Promise<void> => {
    try {
      // Only pages that are served over https, or from this machine, may copy.
      await navigator.clipboard.writeText(this.text);
      this.said = 'copied';
    } catch {
      this.said = 'copyByHand';
    }
    setTimeout(() => {
      this.said = null;
    }, 2000);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-copy': Copy;
  }
}

customElements.define('ct-copy', Copy);
