import { css, html, LitElement } from 'lit';
import { define } from '../define.ts';
import { say, type Theme } from '../events.ts';
import { icons } from '../icons.ts';
import { youStrings } from '../locales/you.ts';
import { englishLocalizer, languageNames, type Localizer } from '../localize.ts';
import type { Prefs } from '../shared.ts';
import { base, view } from '../styles.ts';
import { formStyles } from './form.styles.ts';

/** How the chat looks and which language it speaks, on this device. Says `prefs-change`. */
export class PrefsForm extends LitElement {
  static override styles = [
    base,
    view,
    formStyles,
    css`
      :host {
        display: block;
      }
      .section {
        display: block;
        padding-inline: 0;
      }
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
        min-inline-size: 0;
      }
      .themes {
        display: flex;
        padding: 3px;
        border-radius: 12px;
        background: var(--ct-surface-2);
      }
      .themes label {
        flex: 1;
        padding: 6px 8px;
        border-radius: 9px;
        text-align: center;
        font-weight: 560;
        color: var(--ct-text-2);
        cursor: pointer;
      }
      .themes label:has(:checked) {
        background: var(--ct-surface);
        color: var(--ct-text);
        box-shadow: 0 1px 3px rgb(16 24 40 / 0.14);
      }
      .themes label:has(:focus-visible) {
        outline: 2px solid var(--ct-accent);
      }
      @media (pointer: coarse) {
        .themes label {
          padding-block: 12px;
        }
      }
      @media (forced-colors: active) {
        .themes label:has(:checked) {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];

  static override properties = {
    l: { attribute: false },
    prefs: { attribute: false },
  };

  declare l: Localizer;
  declare prefs: Prefs;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.prefs = {};
  }

  protected override render() {
    const { s } = this.l;
    const words = youStrings(this.l);
    return html`<fieldset>
        <legend class="section">${s.look}</legend>
        <div class="themes">${(['auto', 'light', 'dark'] as const).map((theme) => this.#theme(theme))}</div>
      </fieldset>
      <label class="section" for="lang">${s.language}</label>
      <span class="box">
        <select id="lang" @change=${this.#onLang}>
          <option value="" ?selected=${!this.prefs.lang}>${words.languageOfPage}</option>
          ${languageNames.map(
            ([tag, name]) =>
              html`<option value=${tag} lang=${tag} ?selected=${this.prefs.lang === tag}>${name}</option>`,
          )}
        </select>
        ${icons.chevron}
      </span>`;
  }

  #theme(theme: Theme) {
    const words = youStrings(this.l);
    const label = { auto: words.themeAuto, light: words.themeLight, dark: words.themeDark }[theme];
    return html`<label
      ><input
        class="sr"
        type="radio"
        name="theme"
        value=${theme}
        .checked=${(this.prefs.theme ?? 'auto') === theme}
        @change=${() => say(this, 'prefs-change', { theme })}
      />${label}</label
    >`;
  }

  readonly #onLang = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) say(this, 'prefs-change', { lang: event.target.value || null });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-prefs-form': PrefsForm;
  }
}

define('co-talk-prefs-form', PrefsForm);
