import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { Api } from './api.ts';
import { cards } from './card.styles.ts';
import { explain } from './explain.ts';
import { forms } from './form.styles.ts';
import { englishLocalizer, type Localizer } from './localize.ts';
import type { Resource, Rows } from './resource.ts';
import { joined } from './resource.ts';
import { base } from './styles.ts';

/** What the parts of the console say to the whole. */
export interface ConsoleEvents {
  /** Something was done: a word at the bottom of the screen. */
  toast: { text: string; bad?: boolean };
  /** The operator is in. */
  'signed-in': null;
}

/** A part of the console that asks the server. */
export class View extends LitElement {
  static override styles = [base, cards, forms];
  static override properties: PropertyDeclarations = { api: { attribute: false }, l: { attribute: false } };

  declare api: Api;
  declare l: Localizer;

  constructor() {
    super();
    this.api = new Api();
    this.l = englishLocalizer;
  }

  protected say<K extends keyof ConsoleEvents>(type: K, detail: ConsoleEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** Does something; where it fails, says why at the bottom of the screen. @returns whether it was done */
  protected async attempt(deed: () => Promise<unknown>, done?: string): Promise<boolean> {
    try {
      await deed();
    } catch (error) {
      this.say('toast', { text: explain(error, this.l), bad: true });
      return false;
    }
    if (done !== undefined) this.say('toast', { text: done });
    return true;
  }

  /** What is loaded; until then, its bones; and why there is nothing, with a way to try again. */
  protected show<T>(resource: Resource<T>, render: (value: T) => unknown): unknown {
    if (resource.value !== undefined) return render(resource.value);
    if (resource.error === undefined) return bones;
    return html`<div class="body">
      <div class="failure" role="alert">
        <p>${explain(resource.error, this.l)}</p>
        <button class="btn quiet" @click=${() => void resource.reload()}>${this.l.s.tryAgain}</button>
      </div>
    </div>`;
  }

  /** A button for the next page of a list, where there is one. */
  protected more<T>(resource: Resource<Rows<T>>, load: (cursor: string) => Promise<Rows<T>>): unknown {
    const rows = resource.value;
    const cursor = rows?.next;
    if (!rows || !cursor) return nothing;
    const add = () => this.attempt(async () => resource.set(joined(rows, await load(cursor))));
    return html`<div class="end"><button class="btn quiet" @click=${add}>${this.l.s.showMore}</button></div>`;
  }

  /** A time as people say it, with the whole moment behind it. */
  protected time(time: string): TemplateResult {
    return html`<time datetime=${time} title=${this.l.moment(time)}>${this.l.ago(time)}</time>`;
  }
}

const bones = html`<div aria-hidden="true">
  <div class="bone short"></div>
  <div class="bone"></div>
  <div class="bone half"></div>
</div>`;

/** What stands in for a picture. */
export const initial = (name: string): string => (Array.from(name)[0] ?? '').toUpperCase();

/** What was typed into a field of a form. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** A list without rows: what it would hold, and what to do. */
export function empty(icon: TemplateResult, title: string, text: string, action: unknown = nothing): TemplateResult {
  return html`<div class="empty">
    ${icon}
    <h3>${title}</h3>
    <p>${text}</p>
    ${action}
  </div>`;
}
