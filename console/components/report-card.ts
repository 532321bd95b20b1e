import { html, nothing } from 'lit';
import type { AdminUser, MessagePage, Report, ReportedMessage, ReportResolution } from '@co-talk/sdk/protocol';
import { ApiError } from '../api.ts';
import { icons } from '../icons.ts';
import { readReason } from '../reports.ts';
import { link } from '../route.ts';
import { initial, View } from '../view.ts';
import { reportCardStyles } from './report-card.styles.ts';
import './confirm.ts';

/** Messages of the conversation that are shown around the one that was reported. */
const AROUND = 7;

/** What a card says to the list it is in. */
export interface ReportCardEvents {
  /** It is decided, by this person or by another one: `null`. */
  resolved: ReportedMessage | null;
  /** Something else about it has changed. */
  changed: ReportedMessage;
}

/** One reported message: what it says, who has reported it and why, what was said around it, and what may be done. */
export class ReportCard extends View {
  static override styles = [...View.styles, reportCardStyles];

  static override properties = {
    path: { attribute: false },
    appId: { attribute: false },
    item: { attribute: false },
    context: { state: true },
    asking: { state: true },
    busy: { state: true },
  };

  declare path: string;
  declare appId: string;
  declare item: ReportedMessage;
  /** What was said around it; `null` until it is asked for. */
  declare context: MessagePage | null;
  declare asking: 'remove' | 'disable' | null;
  declare busy: boolean;

  constructor() {
    super();
    this.path = '';
    this.appId = '';
    this.context = null;
    this.asking = null;
    this.busy = false;
  }

  override focus(): void {
    this.renderRoot.querySelector('h3')?.focus();
  }

  protected override render() {
    const { s, number } = this.l;
    const { message, count, reports } = this.item;
    const gone = message === null || message.deletedAt !== null;
    return html`<article class="card" aria-labelledby="who">
      ${this.#top()}
      <blockquote>
        <p class="text ${gone ? 'gone' : ''}" dir="auto">${gone ? s.messageGone : message.text || s.noText}</p>
      </blockquote>
      <ul class="why" role="list" aria-label=${s.reportCount(number(count))}>
        ${reports.map((report) => this.#reason(report))}
        ${count > reports.length ? html`<li class="by">${s.moreReports(number(count - reports.length))}</li>` : nothing}
      </ul>
      ${this.#foot(gone)} ${this.context ? this.#context(this.context) : nothing}
      ${this.asking ? this.#confirm(this.asking) : nothing}
    </article>`;
  }

  get #first(): Report | undefined {
    return this.item.reports[0];
  }

  get #author(): AdminUser | undefined {
    return this.item.users.find(({ id }) => id === this.#first?.authorId);
  }

  get #name(): string {
    return this.#author?.nickname ?? this.l.s.somebody;
  }

  #top() {
    const { s, number } = this.l;
    const { room, message, count } = this.item;
    const author = this.#author;
    return html`<div class="top">
      <span class="avatar" aria-hidden="true">${initial(this.#name)}</span>
      <div class="who">
        <h3 id="who" tabindex="-1" aria-label=${s.reportsOf(this.#name)}>
          <bdi>${this.#name}</bdi>
          ${author ? html`<span class="badge">${s.userKinds[author.kind]}</span>` : nothing}
          ${author?.disabled && author.kind !== 'deleted' ? html`<span class="badge bad">${s.disabled}</span>` : nothing}
        </h3>
        <p>
          ${room ? html`<bdi>${room.name ?? s.roomTypes[room.type]}</bdi>` : nothing}
          ${message ? html`· ${this.time(message.createdAt)}` : nothing}
          ${message !== null && message.editedAt !== null ? html`· ${s.edited} ${this.time(message.editedAt)}` : nothing}
        </p>
      </div>
      <span class="badge">${s.reportCount(number(count))}</span>
    </div>`;
  }

  #reason({ reason, reporterId, createdAt }: Report) {
    const { s } = this.l;
    const { label, words } = readReason(reason, s);
    const reporter = this.item.users.find(({ id }) => id === reporterId);
    return html`<li>
      ${label === null ? nothing : html`<span class="badge">${label}</span>`}
      ${words === '' ? nothing : html`<span dir="auto">${words}</span>`}
      ${words === '' && label === null ? html`<span class="by">${s.reasonGone}</span>` : nothing}
      <span class="by"><bdi>${reporter?.nickname ?? s.somebody}</bdi> · ${this.time(createdAt)}</span>
    </li>`;
  }

  #foot(gone: boolean) {
    const { s } = this.l;
    const first = this.#first;
    const author = this.#author;
    return html`<div class="acts foot">
      ${first?.resolution ? this.#decided(first, first.resolution) : this.#choices(gone)}
      ${
        author && !author.disabled && author.kind !== 'deleted'
          ? html`<button class="btn quiet" ?disabled=${this.busy} @click=${() => (this.asking = 'disable')}>
              ${s.disable}: <bdi>${author.nickname}</bdi>
            </button>`
          : nothing
      }
      ${
        this.context || !first
          ? nothing
          : html`<button class="btn quiet" ?disabled=${this.busy} @click=${() => void this.#read(first)}>
              ${icons.eye}${s.showContext}
            </button>`
      }
      ${first ? html`<a class="away" href=${link('apps', this.appId, 'rooms', first.roomId)}>${s.openRoom}</a>` : nothing}
    </div>`;
  }

  #choices(gone: boolean) {
    const { s } = this.l;
    return html`<button class="btn quiet" ?disabled=${this.busy} @click=${() => void this.#dismiss()}>
        ${s.dismiss}
      </button>
      ${
        gone
          ? nothing
          : html`<button class="btn danger" ?disabled=${this.busy} @click=${() => (this.asking = 'remove')}>
              ${s.removeMessage}
            </button>`
      }`;
  }

  #decided({ resolvedAt, resolvedBy }: Report, resolution: ReportResolution) {
    const { s } = this.l;
    return html`<p class="lead">
      <strong>${s.resolutions[resolution]}</strong>
      ${resolvedBy ? html`· ${s.byKinds[resolvedBy.kind]}` : nothing}
      ${resolvedAt ? html`· ${this.time(resolvedAt)}` : nothing}
    </p>`;
  }

  #context({ items, users }: MessagePage) {
    const { s } = this.l;
    return html`<ol class="context" aria-label=${s.contextOf}>
      ${items.map((message) => {
        const name = users.find(({ id }) => id === message.senderId)?.nickname ?? s.somebody;
        const gone = message.deletedAt !== null;
        const current = message.id === this.#first?.messageId;
        return html`<li class=${current ? 'this' : ''} aria-current=${current ? 'true' : nothing}>
          <p class="name"><bdi>${name}</bdi> ${this.time(message.createdAt)}</p>
          <p class="text ${gone ? 'gone' : ''}" dir="auto">${gone ? s.messageGone : message.text || s.noText}</p>
        </li>`;
      })}
    </ol>`;
  }

  #confirm(what: 'remove' | 'disable') {
    const { s } = this.l;
    const remove = what === 'remove';
    return html`<ct-confirm
      .l=${this.l}
      .heading=${remove ? s.removeMessageAsk : s.disableUser(this.#name)}
      .text=${remove ? s.removeMessageText : s.disableText}
      .action=${remove ? s.removeMessage : s.disable}
      .run=${() => (remove ? this.#resolve('removed') : this.#disable())}
      @close=${() => {
        this.asking = null;
      }}
    ></ct-confirm>`;
  }

  async #dismiss(): Promise<void> {
    this.busy = true;
    await this.attempt(() => this.#resolve('dismissed'));
    this.busy = false;
  }

  async #resolve(resolution: ReportResolution): Promise<void> {
    const { s } = this.l;
    try {
      const now = await this.api.post<ReportedMessage>(`${this.path}/reports/${this.item.id}/resolve`, { resolution });
      this.say('toast', { text: resolution === 'removed' ? s.isMessageRemoved : s.isDismissed });
      this.#tell('resolved', now);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'conflict') throw error;
      this.say('toast', { text: s.isResolved, bad: true });
      this.#tell('resolved', null);
    }
  }

  async #disable(): Promise<void> {
    const author = this.#author;
    if (!author) return;
    const now = await this.api.patch<AdminUser>(`${this.path}/users/${author.id}`, { disabled: true });
    this.say('toast', { text: this.l.s.isDisabled(author.nickname) });
    this.#tell('changed', { ...this.item, users: this.item.users.map((one) => (one.id === now.id ? now : one)) });
  }

  async #read({ roomId, seq }: Report): Promise<void> {
    this.busy = true;
    await this.attempt(async () => {
      this.context = await this.api.get(`${this.path}/rooms/${roomId}/messages?around=${seq}&limit=${AROUND}`);
    });
    this.busy = false;
  }

  #tell<K extends keyof ReportCardEvents>(type: K, detail: ReportCardEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-report-card': ReportCard;
  }
}

customElements.define('ct-report-card', ReportCard);
