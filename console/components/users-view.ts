import { css, html, nothing } from 'lit';
import type { AdminUser, ErasureReport, UserExport } from '@co-talk/sdk/protocol';
import { download } from '../download.ts';
import { icons } from '../icons.ts';
import { Resource, type Rows } from '../resource.ts';
import { empty, initial, View } from '../view.ts';
import './confirm.ts';

/** Milliseconds without a key before what was typed is searched for. */
const TYPED_MS = 250;
/** How often, and how many times, an erasure that goes on by itself is asked after. */
const ERASING_MS = 1_000;
const ERASING_TIMES = 120;

/** The people of an app: found, shut out and let in again, exported, erased. */
export class UsersView extends View {
  static override styles = [
    ...View.styles,
    css`
      .find {
        padding: 0 20px 16px;
      }
      @media (max-width: 599px) {
        .find {
          padding-inline: 16px;
        }
      }
    `,
  ];

  static override properties = {
    path: { attribute: false },
    term: { state: true },
    asking: { state: true },
    busy: { state: true },
  };

  declare path: string;
  declare term: string;
  /** Whom something is about to be done to that has to be confirmed. */
  declare asking: { what: 'disable' | 'erase'; user: AdminUser } | null;
  /** Ids of those something is being done to. */
  declare busy: ReadonlySet<string>;

  readonly #users = new Resource<Rows<AdminUser>>(this, () => this.api.get(this.#asked()));
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.path = '';
    this.term = '';
    this.asking = null;
    this.busy = new Set();
  }

  protected override render() {
    const { s } = this.l;
    return html`
      <section class="card" aria-labelledby="users">
        <header>
          <div>
            <h2 id="users">${s.tabs.users}</h2>
            <p class="lead">${s.usersText}</p>
          </div>
        </header>
        <div class="find">
          <input type="search" aria-label=${s.findUsers} placeholder=${s.findUsers} @input=${this.#onTyped} />
        </div>
        ${this.show(this.#users, ({ items }) => {
          if (items.length === 0)
            return this.term === ''
              ? empty(icons.people, s.noUsers, s.noUsersText)
              : empty(icons.search, s.nothingFound, s.nothingFoundText);
          return html`<ul class="rows" role="list">
              ${items.map((user) => this.#row(user))}
            </ul>
            ${this.more(this.#users, (cursor) => this.api.get(this.#asked(cursor)))}`;
        })}
      </section>
      ${this.asking ? this.#confirm(this.asking) : nothing}
    `;
  }

  #row(user: AdminUser) {
    const { s } = this.l;
    const busy = this.busy.has(user.id);
    return html`<li class="wraps">
      <span class="avatar" aria-hidden="true">${initial(user.nickname)}</span>
      <div class="main">
        <p class="name">
          <bdi>${user.nickname}</bdi><span class="badge">${s.userKinds[user.kind]}</span>
          ${user.disabled ? html`<span class="badge bad">${s.disabled}</span>` : nothing}
        </p>
        <p class="sub">
          ${user.email === null ? nothing : html`<span>${user.email}${user.emailVerified ? nothing : html` (${s.unverified})`}</span>`}
          ${user.externalId === null ? nothing : html`<code>${user.externalId}</code>`}
          <span
            >${user.lastSeenAt ? html`${s.lastSeen} ${this.time(user.lastSeenAt)}` : html`${s.joined} ${this.time(user.createdAt)}`}</span
          >
        </p>
      </div>
      ${
        user.kind === 'deleted'
          ? nothing
          : html`<div class="acts">
              <button
                class="btn quiet"
                ?disabled=${busy}
                aria-label="${s.exportUser}: ${user.nickname}"
                @click=${() => this.#export(user)}
              >
                ${s.exportUser}
              </button>
              ${
                user.disabled
                  ? html`<button
                      class="btn quiet"
                      ?disabled=${busy}
                      aria-label="${s.enable}: ${user.nickname}"
                      @click=${() => this.#disable(user, false)}
                    >
                      ${s.enable}
                    </button>`
                  : html`<button
                      class="btn quiet"
                      ?disabled=${busy}
                      aria-label="${s.disable}: ${user.nickname}"
                      @click=${() => this.#ask('disable', user)}
                    >
                      ${s.disable}
                    </button>`
              }
              <button
                class="btn quiet danger"
                ?disabled=${busy}
                aria-label="${s.erase}: ${user.nickname}"
                @click=${() => this.#ask('erase', user)}
              >
                ${s.erase}
              </button>
            </div>`
      }
    </li>`;
  }

  #confirm({ what, user }: NonNullable<UsersView['asking']>) {
    const { s } = this.l;
    const erase = what === 'erase';
    return html`<ct-confirm
      .l=${this.l}
      .heading=${erase ? s.eraseUser(user.nickname) : s.disableUser(user.nickname)}
      .text=${erase ? s.eraseText : s.disableText}
      .action=${erase ? s.erase : s.disable}
      .word=${erase ? user.nickname : null}
      .run=${() => (erase ? this.#erase(user) : this.#setDisabled(user, true))}
      @close=${() => {
        this.asking = null;
      }}
    ></ct-confirm>`;
  }

  #asked(cursor?: string): string {
    const query = new URLSearchParams({
      ...(this.term ? { q: this.term } : {}),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return `${this.path}/users${query.size === 0 ? '' : `?${query.toString()}`}`;
  }

  #userPath(user: AdminUser): string {
    return `${this.path}/users/${user.id}`;
  }

  #ask(what: 'disable' | 'erase', user: AdminUser): void {
    this.asking = { what, user };
  }

  #replace(user: AdminUser): void {
    const rows = this.#users.value;
    if (rows) this.#users.set({ ...rows, items: rows.items.map((one) => (one.id === user.id ? user : one)) });
  }

  async #setDisabled(user: AdminUser, disabled: boolean): Promise<void> {
    this.#replace(await this.api.patch<AdminUser>(this.#userPath(user), { disabled }));
    this.say('toast', { text: disabled ? this.l.s.isDisabled(user.nickname) : this.l.s.isEnabled(user.nickname) });
  }

  async #disable(user: AdminUser, disabled: boolean): Promise<void> {
    await this.#withBusy(user, () => this.#setDisabled(user, disabled));
  }

  async #export(user: AdminUser): Promise<void> {
    await this.#withBusy(user, async () => {
      const all = await this.api.get<UserExport>(`${this.#userPath(user)}/export`);
      download(`co-talk-user-${user.id}.json`, 'application/json', JSON.stringify(all, null, 2));
    });
  }

  /** A long life takes a while to erase: asking again says how far it is. */
  async #erase(user: AdminUser): Promise<void> {
    let report = await this.api.remove<ErasureReport>(this.#userPath(user));
    for (let tries = 0; report.finishedAt === null && tries < ERASING_TIMES; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, ERASING_MS));
      report = await this.api.remove<ErasureReport>(this.#userPath(user));
    }
    const { messages, rooms } = report.removed;
    this.say('toast', { text: this.l.s.erased(user.nickname, this.l.number(messages), this.l.number(rooms)) });
    await this.#users.reload();
  }

  async #withBusy(user: AdminUser, deed: () => Promise<void>): Promise<void> {
    this.busy = new Set([...this.busy, user.id]);
    await this.attempt(deed);
    this.busy = new Set([...this.busy].filter((id) => id !== user.id));
  }

  readonly #onTyped = (event: Event): void => {
    const term = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.term = term;
      void this.#users.reload();
    }, TYPED_MS);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-users-view': UsersView;
  }
}

customElements.define('ct-users-view', UsersView);
