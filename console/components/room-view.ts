import { css, html, nothing } from 'lit';
import type { AdminRoom, Member, Message, MessagePage } from '@co-talk/sdk/protocol';
import { icons } from '../icons.ts';
import { Resource } from '../resource.ts';
import { link } from '../route.ts';
import { initial, View } from '../view.ts';
import { pageStyles } from './page.styles.ts';
import './confirm.ts';

const PAGE = 30;

/** One room: who is in it, and, when it is asked for, what was said. That somebody has read it is written down. */
export class RoomView extends View {
  static override styles = [
    ...View.styles,
    pageStyles,
    css`
      .title {
        font-size: 18px;
        line-height: 26px;
        font-weight: 660;
      }
      .gate {
        padding: 0 20px 20px;
      }
      .messages {
        display: grid;
        gap: 14px;
        padding: 4px 20px 20px;
      }
      .messages li {
        display: grid;
        grid-template-columns: 36px minmax(0, 1fr) auto;
        gap: 0 12px;
      }
      .messages .avatar {
        grid-row: span 2;
      }
      .by {
        display: flex;
        flex-wrap: wrap;
        gap: 0 8px;
        align-items: baseline;
        font-weight: 600;
      }
      .by span {
        font-weight: 400;
        font-size: 12px;
        color: var(--text-2);
      }
      .text {
        grid-column: 2;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .text.gone {
        color: var(--text-2);
        font-style: italic;
      }
      .messages .icon {
        grid-column: 3;
        grid-row: 1 / span 2;
      }
    `,
  ];

  static override properties = {
    path: { attribute: false },
    appId: { attribute: false },
    page: { state: true },
    removing: { state: true },
  };

  declare path: string;
  declare appId: string;
  /** What was said; `null` until it is asked for. */
  declare page: MessagePage | null;
  declare removing: Message | null;

  readonly #room = new Resource<AdminRoom>(this, () => this.api.get(this.path));
  readonly #members = new Resource<{ items: Member[] }>(this, () => this.api.get(`${this.path}/members`));

  constructor() {
    super();
    this.page = null;
    this.removing = null;
  }

  protected override render() {
    const { s, number } = this.l;
    const room = this.#room.value;
    return html`<div class="stack">
      <div>
        <a class="up" href=${link('apps', this.appId, 'rooms')}>${icons.back}${s.tabs.rooms}</a>
        ${this.show(
          this.#room,
          ({ id, name, type, createdAt }) =>
            html`<h2 class="title"><bdi>${name ?? s.roomTypes[type]}</bdi></h2>
              <p class="lead"><code>${id}</code> · ${s.created} ${this.time(createdAt)}</p>`,
        )}
      </div>
      <section class="card" aria-labelledby="members">
        <header><h2 id="members">${s.members}</h2></header>
        ${this.show(
          this.#members,
          ({ items }) =>
            html`<ul class="rows" role="list">
              ${items.map(
                ({ user, role, joinedAt }) =>
                  html`<li>
                    <span class="avatar" aria-hidden="true">${initial(user.nickname)}</span>
                    <div class="main">
                      <p class="name"><bdi>${user.nickname}</bdi><span class="badge">${s.roles[role]}</span></p>
                      <p class="sub"><span>${s.joined} ${this.time(joinedAt)}</span></p>
                    </div>
                  </li>`,
              )}
            </ul>`,
        )}
      </section>
      <section class="card" aria-labelledby="messages">
        <header>
          <div>
            <h2 id="messages">${s.messages}</h2>
            <p class="lead">${room ? s.messageCount(number(room.lastSeq)) : nothing}</p>
          </div>
        </header>
        ${this.page ? this.#messages(this.page) : this.#gate()}
      </section>
      ${this.removing ? this.#confirm(this.removing) : nothing}
    </div>`;
  }

  #gate() {
    const { s } = this.l;
    return html`<div class="gate">
      <p class="field">${s.readText}</p>
      <button class="btn quiet" @click=${() => void this.#read()}>${icons.eye}${s.readMessages}</button>
    </div>`;
  }

  #messages(page: MessagePage) {
    const { s } = this.l;
    const first = page.items[0];
    if (!first) return html`<p class="gate">${s.noMessages}</p>`;
    return html`
      ${
        first.seq > page.firstSeq
          ? html`<div class="gate">
              <button class="btn quiet" @click=${() => void this.#read(first.seq)}>${s.earlier}</button>
            </div>`
          : nothing
      }
      <ol class="messages">
        ${page.items.map((message) => this.#message(message, page))}
      </ol>
    `;
  }

  #message(message: Message, { users }: MessagePage) {
    const { s } = this.l;
    const name = users.find(({ id }) => id === message.senderId)?.nickname ?? s.somebody;
    const gone = message.deletedAt !== null;
    return html`<li>
      <span class="avatar" aria-hidden="true">${initial(name)}</span>
      <p class="by"><bdi>${name}</bdi><span>${this.time(message.createdAt)}</span></p>
      <p class="text ${gone ? 'gone' : ''}" dir="auto">${gone ? s.messageGone : message.text || s.noText}</p>
      ${
        gone
          ? nothing
          : html`<button
              class="icon"
              aria-label=${s.removeMessageOf(name)}
              title=${s.removeMessage}
              @click=${() => {
                this.removing = message;
              }}
            >
              ${icons.close}
            </button>`
      }
    </li>`;
  }

  #confirm(message: Message) {
    const { s } = this.l;
    return html`<ct-confirm
      .l=${this.l}
      .heading=${s.removeMessageAsk}
      .text=${s.removeMessageText}
      .action=${s.removeMessage}
      .run=${async () => {
        const gone = await this.api.remove<Message | undefined>(`${this.path}/messages/${message.id}`);
        if (!this.page) return;
        const now = gone ?? { ...message, text: '', deletedAt: new Date().toISOString() };
        this.page = { ...this.page, items: this.page.items.map((one) => (one.id === message.id ? now : one)) };
      }}
      @close=${() => {
        this.removing = null;
      }}
    ></ct-confirm>`;
  }

  async #read(before?: number): Promise<void> {
    const more = before === undefined ? '' : `&before=${before}`;
    await this.attempt(async () => {
      const page = await this.api.get<MessagePage>(`${this.path}/messages?limit=${PAGE}${more}`);
      const known = before === undefined ? null : this.page;
      this.page = known
        ? { ...page, items: [...page.items, ...known.items], users: [...known.users, ...page.users] }
        : page;
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-room-view': RoomView;
  }
}

customElements.define('ct-room-view', RoomView);
