import { html, LitElement, type PropertyValues } from 'lit';
import type { Client, Id, MembersState, User } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { attempt } from '../explain.ts';
import { groupStrings } from '../locales/groups.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { StoreController } from '../store-controller.ts';
import { base, view } from '../styles.ts';
import { groupStyles } from './group.styles.ts';
import { pageHead, pageHeadStyles } from './page-head.ts';
import './people-picker-view.ts';

/** Takes people into a room. Says `page-close`, `panel-close`. */
export class AddPeopleView extends LitElement {
  static override styles = [base, ...pageHeadStyles, view, groupStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    roomId: { attribute: false },
    closable: { attribute: false },
    picked: { state: true },
    busy: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare roomId: Id;
  declare closable: boolean;
  declare picked: ReadonlyMap<Id, User>;
  declare busy: boolean;

  readonly #members = new StoreController<MembersState>(this);

  constructor() {
    super();
    this.l = englishLocalizer;
    this.roomId = '';
    this.closable = false;
    this.picked = new Map();
    this.busy = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client') || changed.has('roomId'))
      this.#members.watch(this.client.rooms.memberList(this.roomId).store);
  }

  protected override render() {
    const g = groupStrings(this.l);
    const inside = new Set((this.#members.value?.members ?? []).map(({ user }) => user.id));
    return html`${pageHead(this, g.addPeople)}
      <co-talk-people-picker
        exportparts="list, person-row, search, avatar"
        .client=${this.client}
        .l=${this.l}
        .picked=${this.picked}
        .left=${inside}
        @picked-change=${(event: InnerEvent<'picked-change'>) => {
          this.picked = event.detail.picked;
        }}
      ></co-talk-people-picker>
      <div class="bar">
        <button class="btn wide" ?disabled=${this.busy || !this.picked.size} @click=${() => void this.#add()}>
          ${this.picked.size ? g.addCount(String(this.picked.size)) : g.add}
        </button>
      </div>`;
  }

  async #add(): Promise<void> {
    this.busy = true;
    const done = await attempt(this, this.l, () => this.client.rooms.addMembers(this.roomId, [...this.picked.keys()]));
    this.busy = false;
    if (done) say(this, 'page-close', null);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-add-people-view': AddPeopleView;
  }
}

define('co-talk-add-people-view', AddPeopleView);
