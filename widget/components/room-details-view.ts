import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import {
  LIMITS,
  type Client,
  type Id,
  type Member,
  type MembersState,
  type Presence,
  type Room,
  type RoomsState,
  type User,
} from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { attempt } from '../explain.ts';
import { icons } from '../icons.ts';
import { loadMenus } from '../load-menus.ts';
import { groupStrings } from '../locales/groups.ts';
import { englishLocalizer, isolate, type Localizer } from '../localize.ts';
import { StoreController } from '../store-controller.ts';
import { base, view } from '../styles.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { formStyles } from './form.styles.ts';
import { groupStyles } from './group.styles.ts';
import { memberDeeds } from './member-deeds.ts';
import { pageHead, pageHeadStyles } from './page-head.ts';
import { personRow, presenceText } from './person-row.ts';
import './picture-field.ts';
import { roomDetailsStyles } from './room-details.styles.ts';
import { roomTitle, skeletonRows } from './room-list.ts';
import { rowStyles } from './rows.styles.ts';

/** What somebody is asked before it is done. */
interface Question {
  text: string;
  action: string;
  /** The member that it is about. */
  userId?: Id;
  act: () => Promise<unknown>;
}

/** A group: its name and picture, who is in it, and what one may do. Says `page-open`, `direct-open`, `room-close`, `page-close`, `panel-close`. */
export class RoomDetailsView extends LitElement {
  static override styles = [
    base,
    ...pageHeadStyles,
    view,
    avatarStyles,
    rowStyles,
    formStyles,
    groupStyles,
    roomDetailsStyles,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    roomId: { attribute: false },
    closable: { attribute: false },
    now: { attribute: false },
    renaming: { state: true },
    question: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare roomId: Id;
  declare closable: boolean;
  declare now: Date;
  declare renaming: boolean;
  declare question: Question | null;

  readonly #rooms = new StoreController<RoomsState>(this);
  readonly #members = new StoreController<MembersState>(this);
  readonly #users = new StoreController<ReadonlyMap<Id, User>>(this);
  readonly #presence = new StoreController<ReadonlyMap<Id, Presence>>(this);
  #fetched: Room | null = null;
  #loading = false;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.roomId = '';
    this.closable = false;
    this.now = new Date();
    this.renaming = false;
    this.question = null;
    void loadMenus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client')) {
      this.#rooms.watch(this.client.rooms.store);
      this.#users.watch(this.client.users.store);
      this.#presence.watch(this.client.presence.store);
    }
    if (!changed.has('client') && !changed.has('roomId')) return;
    const list = this.client.rooms.memberList(this.roomId);
    this.#members.watch(list.store);
    void attempt(this, this.l, async () => {
      // A hidden room is on no list.
      this.#fetched = await this.client.rooms.get(this.roomId);
      await list.load();
      this.requestUpdate();
    });
  }

  protected override render() {
    const room = this.#rooms.value?.rooms.find(({ id }) => id === this.roomId) ?? this.#fetched;
    return html`${pageHead(this, groupStrings(this.l, room?.type).groupInfo)}
      <div class="list" part="list" tabindex="-1" @scroll=${this.#onScroll}>
        ${room?.me ? html`${this.#card(room)}${this.#people(room)}${this.#ends(room)}` : skeletonRows()}
      </div>`;
  }

  #card(room: Room) {
    const g = groupStrings(this.l, room.type);
    const role = room.me?.role ?? 'member';
    const name = roomTitle(room, this.l);
    return html`<div class="card">
      ${avatar({ id: room.id, name, url: room.avatarUrl, size: 'xl' })}
      ${
        this.renaming
          ? this.#form(name)
          : html`<h2>
                <bdi>${name}</bdi>
                ${
                  role === 'member'
                    ? nothing
                    : html`<button
                        class="icon"
                        aria-label=${g.rename}
                        @click=${() => {
                          this.renaming = true;
                        }}
                      >
                        ${icons.pencil}
                      </button>`
                }
              </h2>
              <p>${[this.l.s.memberCount(room.memberCount), g.youAre[role]].filter(Boolean).join(' · ')}</p>`
      }
      ${
        role === 'member'
          ? nothing
          : html`<co-talk-picture-field
              .client=${this.client}
              .l=${this.l}
              .present=${room.avatarUrl !== null}
              .store=${(image: Blob | null) => this.client.rooms.setPicture(room.id, image)}
            ></co-talk-picture-field>`
      }
    </div>`;
  }

  #form(name: string) {
    const g = groupStrings(this.l);
    return html`<form @submit=${this.#rename}>
      <div class="field">
        <label for="name">${g.name}</label>
        <span class="box"
          ><input id="name" dir="auto" autocomplete="off" required maxlength=${LIMITS.roomNameMax} .value=${name}
        /></span>
      </div>
      <div class="acts">
        <button
          class="btn ghost"
          type="button"
          @click=${() => {
            this.renaming = false;
          }}
        >
          ${this.l.s.cancel}
        </button>
        <button class="btn" type="submit">${g.save}</button>
      </div>
    </form>`;
  }

  #people(room: Room) {
    const g = groupStrings(this.l, room.type);
    const state = this.#members.value;
    return html`<h2 class="section">
        ${g.members}<span>${new Intl.NumberFormat(this.l.locale).format(room.memberCount)}</span>
      </h2>
      ${
        room.me?.role === 'member'
          ? nothing
          : html`<button
                class="row deed"
                @click=${() => say(this, 'page-open', { page: { kind: 'add-people', roomId: room.id } })}
              >
                <span class="disc">${icons.plus}</span
                ><span class="text"><span class="name">${g.addPeople}</span></span>
              </button>
              <button
                class="row deed"
                @click=${() => say(this, 'page-open', { page: { kind: 'invites', roomId: room.id } })}
              >
                <span class="disc">${icons.link}</span
                ><span class="text"><span class="name">${g.inviteLinks}</span></span>
              </button>`
      }
      ${
        state?.loaded
          ? html`<ul role="list">
              ${repeat(
                state.members,
                ({ user }) => user.id,
                (member) => html`<li>${this.#row(room, member)}</li>`,
              )}
            </ul>`
          : skeletonRows()
      }
      ${state?.hasMore ? skeletonRows().slice(0, 2) : nothing}`;
  }

  #row(room: Room, { user: joined, role }: Member) {
    const g = groupStrings(this.l, room.type);
    const user = this.#users.value?.get(joined.id) ?? joined;
    const mine = user.id === this.client.auth.store.get().me?.id;
    const presence = this.#presence.value?.get(user.id);
    const deeds = mine ? [] : memberDeeds(room.me?.role ?? 'member', role, g);
    const badge = g.roles[role];
    return html`${personRow({
      user,
      online: presence?.online === true,
      what: mine ? g.you : presence ? presenceText(presence, this.l, this.now) : (user.about ?? ''),
      actions: html`${badge ? html`<span class="role">${badge}</span>` : nothing}
      ${
        mine
          ? nothing
          : html`<co-talk-menu
              .label=${g.moreAbout(isolate(user.nickname))}
              .items=${deeds}
              @pick=${(event: InnerEvent<'pick'>) => this.#pick(room, user, event.detail.id)}
            ></co-talk-menu>`
      }`,
    })}
    ${this.question?.userId === user.id ? this.#ask(this.question) : nothing}`;
  }

  #ends(room: Room) {
    const g = groupStrings(this.l, room.type);
    const { rooms } = this.client;
    const owner = room.me?.role === 'owner';
    const leave: Question = {
      text: owner && room.memberCount > 1 ? g.leaveOwnerAsk : g.leaveAsk,
      action: g.leaveShort,
      act: () => rooms.leave(room.id).then(this.#out),
    };
    const close: Question = { text: g.closeAsk, action: g.close, act: () => rooms.close(room.id).then(this.#out) };
    const deed = (question: Question, label: string, icon: unknown) =>
      html`<button
        class="row deed danger"
        @click=${() => {
          this.question = question;
        }}
      >
        <span class="disc">${icon}</span><span class="text"><span class="name">${label}</span></span>
      </button>`;
    return html`<div class="end">
      ${deed(leave, g.leave, icons.leave)} ${owner ? deed(close, g.close, icons.close) : nothing}
      ${this.question && this.question.userId === undefined ? this.#ask(this.question) : nothing}
    </div>`;
  }

  #ask({ text, action }: Question) {
    return html`<co-talk-confirm
      .l=${this.l}
      .text=${text}
      .action=${action}
      @act=${(event: InnerEvent<'act'>) => this.#answer(event.detail.action === 'yes')}
    ></co-talk-confirm>`;
  }

  #pick(room: Room, user: User, deed: string): void {
    const g = groupStrings(this.l, room.type);
    const { rooms } = this.client;
    const name = isolate(user.nickname);
    const about = { userId: user.id };
    if (deed === 'message') say(this, 'direct-open', { userId: user.id });
    else if (deed === 'promote') this.#do(() => rooms.setRole(room.id, user.id, 'admin'));
    else if (deed === 'demote') this.#do(() => rooms.setRole(room.id, user.id, 'member'));
    else if (deed === 'owner') {
      const act = () => rooms.setRole(room.id, user.id, 'owner');
      this.question = { ...about, text: g.handOverAsk(name), action: g.handOver, act };
    } else if (deed === 'remove') {
      const act = () => rooms.removeMember(room.id, user.id);
      this.question = { ...about, text: g.removeAsk(name), action: g.removeShort, act };
    }
  }

  #answer(yes: boolean): void {
    const asked = this.question;
    this.question = null;
    if (asked && yes) this.#do(asked.act);
  }

  /** The list follows by itself; what had the focus may be gone then. */
  #do(act: () => Promise<unknown>): void {
    void attempt(this, this.l, act).then(() => this.renderRoot.querySelector<HTMLElement>('.list')?.focus());
  }

  readonly #out = (): void => say(this, 'room-close', null);

  readonly #rename = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const name = this.renderRoot.querySelector<HTMLInputElement>('#name')?.value.trim() ?? '';
    if (!name) return;
    if (await attempt(this, this.l, () => this.client.rooms.update(this.roomId, { name }))) this.renaming = false;
  };

  readonly #onScroll = (event: Event): void => {
    const list = event.currentTarget;
    if (!(list instanceof HTMLElement) || this.#loading || !this.#members.value?.hasMore) return;
    if (list.scrollHeight - list.scrollTop - list.clientHeight > 400) return;
    this.#loading = true;
    void attempt(this, this.l, () => this.client.rooms.memberList(this.roomId).loadMore()).then(() => {
      this.#loading = false;
    });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-room-details-view': RoomDetailsView;
  }
}

define('co-talk-room-details-view', RoomDetailsView);
