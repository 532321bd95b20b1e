import { css, html, LitElement, nothing } from 'lit';
import { countGraphemes, LIMITS } from '@co-talk/sdk/protocol';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { explain } from '../explain.ts';
import { youStrings } from '../locales/you.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { formStyles } from './form.styles.ts';

/** The form that changes a profile. Says `profile-save` and `profile-cancel`. */
export class ProfileForm extends LitElement {
  static override styles = [
    base,
    formStyles,
    css`
      :host {
        display: block;
      }
      .acts {
        display: flex;
        gap: 8px;
        justify-content: flex-end;
      }
    `,
  ];

  static override properties = {
    l: { attribute: false },
    nickname: { attribute: false },
    about: { attribute: false },
    busy: { state: true },
    refused: { state: true },
  };

  declare l: Localizer;
  declare nickname: string;
  declare about: string;
  declare busy: boolean;
  declare refused: unknown;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.nickname = '';
    this.about = '';
    this.busy = false;
    this.refused = null;
  }

  /** The change was not taken: say why, keep what is typed. */
  refuse(error: unknown): void {
    this.busy = false;
    this.refused = error;
    void this.updateComplete.then(() => this.#input('nickname')?.focus());
  }

  protected override firstUpdated(): void {
    this.#input('nickname')?.focus();
  }

  protected override render() {
    const { s } = this.l;
    const words = youStrings(this.l);
    return html`<form novalidate @submit=${this.#submit}>
      <div class="field">
        <label for="nickname">${s.nickname}</label>
        <span class="box"
          ><input
            id="nickname"
            autocomplete="nickname"
            dir="auto"
            .value=${this.nickname}
            aria-invalid=${this.refused ? 'true' : nothing}
            aria-describedby=${this.refused ? 'problem' : nothing}
        /></span>
        ${this.refused ? html`<p class="problem" id="problem" role="alert">${explain(this.refused, this.l)}</p>` : nothing}
      </div>
      <div class="field">
        <label for="about">${s.about}</label>
        <span class="box"
          ><input
            id="about"
            autocomplete="off"
            dir="auto"
            .value=${this.about}
            aria-describedby="hint"
            @input=${this.#limit}
        /></span>
        <p class="hint" id="hint">${words.aboutHint}</p>
      </div>
      <div class="acts">
        <button class="btn ghost" type="button" @click=${() => say(this, 'profile-cancel', null)}>${s.cancel}</button>
        <button class="btn" type="submit" ?disabled=${this.busy}>${s.save}</button>
      </div>
    </form>`;
  }

  #input(id: string): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>(`#${id}`);
  }

  /** Refuse what goes beyond the limit as it is typed, as `maxlength` does, but counting as people count. */
  readonly #limit = (event: Event): void => {
    const input = event.target;
    if (
      !(input instanceof HTMLInputElement) ||
      (event as InputEvent).isComposing ||
      countGraphemes(input.value) <= LIMITS.aboutMax
    )
      return;
    const kept = Array.from(new Intl.Segmenter().segment(input.value), ({ segment }) => segment).slice(
      0,
      LIMITS.aboutMax,
    );
    input.value = kept.join('');
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.refused = null;
    const about = this.#input('about')?.value.trim() ?? '';
    say(this, 'profile-save', { nickname: this.#input('nickname')?.value.trim() ?? '', about: about || null });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-profile-form': ProfileForm;
  }
}

define('co-talk-profile-form', ProfileForm);
