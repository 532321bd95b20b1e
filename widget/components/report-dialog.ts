import { html, LitElement, nothing } from 'lit';
import { LIMITS, REPORT_REASONS } from '@co-talk/sdk/protocol';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { icons } from '../icons.ts';
import { reportStrings } from '../locales/report.ts';
import { englishLocalizer, isolate, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { formStyles } from './form.styles.ts';
import { reportDialogStyles } from './report-dialog.styles.ts';

type Reason = (typeof REPORT_REASONS)[number] | 'other';

/** What is typed may be so long, so that it fits beside the reason it is added to. */
const TEXT_MAX = LIMITS.reportReason - 20;

/**
 * What is wrong with a message: a reason to choose, and words to add. Says `report` with it, and `act` with `no` when it is to be
 * closed; whoever hears it says `thank` or `refuse`.
 */
export class ReportDialog extends LitElement {
  static override styles = [base, formStyles, reportDialogStyles];

  static override properties = {
    l: { attribute: false },
    name: { attribute: false },
    text: { attribute: false },
    reason: { state: true },
    state: { state: true },
    problem: { state: true },
    failure: { state: true },
  };

  declare l: Localizer;
  /** Who wrote it, and what. */
  declare name: string;
  declare text: string;
  declare reason: Reason | null;
  declare state: 'asking' | 'busy' | 'done';
  /** What is missing. */
  declare problem: 'choose' | 'tell' | null;
  declare failure: string | null;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.name = '';
    this.text = '';
    this.reason = null;
    this.state = 'asking';
    this.problem = null;
    this.failure = null;
  }

  /** It has been reported. */
  async thank(): Promise<void> {
    this.state = 'done';
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.btn')?.focus();
  }

  /** It could not be: say why, and keep what was chosen. */
  refuse(why: string): void {
    this.state = 'asking';
    this.failure = why;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector('.failure')?.scrollIntoView({ block: 'nearest' }),
    );
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('input')?.focus();
  }

  protected override render() {
    return html`<div
      class="sheet"
      part="dialog"
      role="dialog"
      aria-modal="true"
      aria-labelledby="title"
      @keydown=${this.#onKeydown}
    >
      ${this.state === 'done' ? this.#thanks() : this.#form()}
    </div>`;
  }

  #form() {
    const r = reportStrings(this.l);
    const busy = this.state === 'busy';
    return html`<form novalidate @submit=${this.#submit}>
      <h2 id="title">${r.title}</h2>
      <p class="hint">${r.hint(isolate(this.name))}</p>
      <blockquote><p dir="auto">${this.text}</p></blockquote>
      <fieldset aria-describedby=${this.problem === 'choose' ? 'problem' : nothing}>
        <legend class="sr">${r.why}</legend>
        ${REPORT_REASONS.map((reason) => this.#choice(reason, r.reasons[reason]))} ${this.#choice('other', r.other)}
        ${this.problem === 'choose' ? this.#problem(r.choose) : nothing}
      </fieldset>
      ${this.reason === null ? nothing : this.#words()}
      ${this.failure === null ? nothing : html`<p class="failure" role="alert">${this.failure}</p>`}
      <div class="acts">
        <button class="btn ghost" type="button" ?disabled=${busy} @click=${this.#cancel}>${this.l.s.cancel}</button>
        <button class="btn" type="submit" aria-busy=${busy ? 'true' : 'false'} ?disabled=${busy}>${r.send}</button>
      </div>
    </form>`;
  }

  #choice(reason: Reason, label: string) {
    return html`<label class="reason"
      ><input
        type="radio"
        name="reason"
        value=${reason}
        .checked=${this.reason === reason}
        @change=${() => {
          this.reason = reason;
          this.problem = null;
        }}
      />${label}</label
    >`;
  }

  #words() {
    const r = reportStrings(this.l);
    const missing = this.problem === 'tell';
    return html`<div class="field">
      <label for="words">${this.reason === 'other' ? r.why : r.add}</label>
      <span class="box">
        <textarea
          id="words"
          dir="auto"
          maxlength=${TEXT_MAX}
          aria-required=${this.reason === 'other' ? 'true' : nothing}
          aria-invalid=${missing ? 'true' : nothing}
          aria-describedby=${missing ? 'problem' : nothing}
          @input=${() => (this.problem = null)}
        ></textarea>
      </span>
      ${missing ? this.#problem(r.tell) : nothing}
    </div>`;
  }

  #problem(text: string) {
    return html`<p class="problem" id="problem" role="alert">${text}</p>`;
  }

  #thanks() {
    const r = reportStrings(this.l);
    return html`<div class="thanks">
        ${icons.tick}
        <h2 id="title">${r.thanks}</h2>
        <p role="status">${r.thanksText}</p>
      </div>
      <div class="acts">
        <button class="btn wide" @click=${this.#cancel}>${r.done}</button>
      </div>`;
  }

  readonly #cancel = (): void => say(this, 'act', { id: '', action: 'no' });

  readonly #onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.state === 'busy') return;
    event.stopPropagation();
    this.#cancel();
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (this.state === 'busy') return;
    const { reason } = this;
    const words = this.renderRoot.querySelector<HTMLTextAreaElement>('#words')?.value.trim() ?? '';
    this.problem = reason === null ? 'choose' : reason === 'other' && words === '' ? 'tell' : null;
    if (this.problem) {
      this.renderRoot.querySelector<HTMLElement>(this.problem === 'tell' ? '#words' : 'input')?.focus();
      return;
    }
    this.state = 'busy';
    this.failure = null;
    say(this, 'report', { reason: [reason === 'other' ? '' : reason, words].filter(Boolean).join(': ') });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-report-dialog': ReportDialog;
  }
}

define('co-talk-report-dialog', ReportDialog);
