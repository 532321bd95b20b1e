import { css, html, LitElement, type PropertyValues } from 'lit';
import type { Client, CreatedInvite, Id, Invite } from '@co-talk/sdk';
import { define } from '../define.ts';
import { attempt, explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { INVITE } from '../invite-link.ts';
import { groupStrings } from '../locales/groups.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base, view } from '../styles.ts';
import { listTime } from '../time.ts';
import { formStyles } from './form.styles.ts';
import { groupStyles } from './group.styles.ts';
import { pageHead, pageHeadStyles } from './page-head.ts';
import { skeletonRows } from './room-list.ts';
import { rowStyles } from './rows.styles.ts';

/** The page one is on, with an invitation: whoever opens it is asked whether to join. */
function inviteLink(token: string): string {
  const { origin, pathname, search } = location;
  return `${origin}${pathname}${search}#${INVITE}${token}`;
}

/** The links by which people join a room: made, copied, revoked. Says `page-close`, `panel-close`. */
export class InvitesView extends LitElement {
  static override styles = [
    base,
    ...pageHeadStyles,
    view,
    rowStyles,
    formStyles,
    groupStyles,
    css`
      .list {
        padding-inline: 16px;
      }
      .section {
        padding-inline: 0;
      }
      .field {
        margin-inline: 0;
      }
      .pair {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 12px;
      }
      .row {
        padding-inline: 0;
      }
      .new {
        padding: 14px;
        border-radius: 14px;
        background: var(--ct-surface-2);
      }
      .new input {
        inline-size: 100%;
        text-overflow: ellipsis;
        font-size: 13px;
        line-height: 20px;
      }
      form .none {
        margin-block-start: 10px;
      }
      .new p,
      .none {
        margin-block: 4px 10px;
        color: var(--ct-text-2);
      }
      .new .btn {
        inline-size: 100%;
      }
    `,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    roomId: { attribute: false },
    closable: { attribute: false },
    now: { attribute: false },
    links: { state: true },
    made: { state: true },
    failure: { state: true },
    copied: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare roomId: Id;
  declare closable: boolean;
  declare now: Date;
  declare links: readonly Invite[] | null;
  declare made: CreatedInvite | null;
  declare failure: unknown;
  declare copied: boolean;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.roomId = '';
    this.closable = false;
    this.now = new Date();
    this.links = null;
    this.made = null;
    this.failure = null;
    this.copied = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client') || changed.has('roomId')) void this.#load();
  }

  async #load(): Promise<void> {
    this.failure = null;
    try {
      this.links = await this.client.rooms.invites(this.roomId);
    } catch (error) {
      this.failure = error;
    }
  }

  protected override render() {
    const g = groupStrings(this.l);
    return html`${pageHead(this, g.inviteLinks)}
      <div class="list" part="list" tabindex="-1">
        ${this.made ? this.#new(this.made) : this.#form()}
        <h2 class="section">${g.inviteLinks}</h2>
        ${this.#links()}
      </div>`;
  }

  #form() {
    const g = groupStrings(this.l);
    const select = (id: string, label: string, options: Record<string, string>, chosen: string) =>
      html`<div class="field">
        <label for=${id}>${label}</label>
        <span class="box"
          ><select id=${id}>
            ${Object.entries(options).map(
              ([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`,
            )}</select
          >${icons.chevron}</span
        >
      </div>`;
    return html`<form @submit=${this.#make}>
      <div class="pair">${select('hours', g.expires, g.hours, '168')} ${select('uses', g.uses, g.maxUses, '')}</div>
      <button class="btn wide" type="submit">${g.makeLink}</button>
      <p class="none">${g.newLinkText}</p>
    </form>`;
  }

  #new({ token }: CreatedInvite) {
    const g = groupStrings(this.l);
    return html`<div class="new">
      <input
        readonly
        aria-label=${g.newLink}
        dir="ltr"
        .value=${inviteLink(token)}
        @focus=${(event: FocusEvent) => {
          if (event.target instanceof HTMLInputElement) event.target.select();
        }}
      />
      <p>${g.linkOnce}</p>
      <button class="btn" @click=${() => void this.#copy(token)}>${this.copied ? g.copied : g.copy}</button>
    </div>`;
  }

  #links() {
    const { s } = this.l;
    const g = groupStrings(this.l);
    if (this.failure) {
      return html`<div class="empty" role="alert">
        <p>${explain(this.failure, this.l)}</p>
        <button class="btn" @click=${() => void this.#load()}>${s.tryAgain}</button>
      </div>`;
    }
    if (!this.links) return skeletonRows().slice(0, 2);
    if (!this.links.length) return html`<p class="none">${g.noLinks}</p>`;
    return html`<ul role="list">
      ${this.links.map((link, place) => {
        const made = listTime(link.createdAt, this.l.locale, this.now);
        const end = link.expiresAt && g.until(ends(link.expiresAt, this.l.locale));
        return html`<li class="row">
          <span class="text">
            <span class="l1"
              ><span class="name" id="link-${place}">${[g.made(made), end].filter(Boolean).join(' · ')}</span></span
            >
            <span class="l2"><span class="what">${g.used(link.uses, link.maxUses)}</span></span>
          </span>
          <button
            class="btn danger"
            id="revoke-${place}"
            aria-labelledby="revoke-${place} link-${place}"
            @click=${() => void this.#revoke(link.id)}
          >
            ${g.revoke}
          </button>
        </li>`;
      })}
    </ul>`;
  }

  readonly #make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const chosen = (id: string) => Number(this.renderRoot.querySelector<HTMLSelectElement>(id)?.value ?? '');
    const [expiresInHours, maxUses] = [chosen('#hours'), chosen('#uses')];
    const done = await attempt(this, this.l, async () => {
      this.made = await this.client.rooms.createInvite(this.roomId, {
        ...(expiresInHours ? { expiresInHours } : {}),
        ...(maxUses ? { maxUses } : {}),
      });
    });
    if (!done) return;
    this.copied = false;
    await this.#load();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.new .btn')?.focus();
  };

  async #copy(token: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(inviteLink(token));
      this.copied = true;
    } catch {
      // Where the page may not write it, it can be copied by hand.
      this.renderRoot.querySelector('input')?.focus();
    }
  }

  async #revoke(id: Id): Promise<void> {
    await attempt(this, this.l, () => this.client.rooms.revokeInvite(this.roomId, id));
    if (this.made?.id === id) this.made = null;
    await this.#load();
    this.renderRoot.querySelector<HTMLElement>('.list')?.focus();
  }
}

const ends = (time: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(
    new Date(time),
  );

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-invites-view': InvitesView;
  }
}

define('co-talk-invites-view', InvitesView);
