import { html, LitElement, nothing } from 'lit';
import { countGraphemes, LIMITS, type Client, type Id, type Room, type User } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { attempt } from '../explain.ts';
import { groupStrings } from '../locales/groups.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base, view } from '../styles.ts';
import { formStyles } from './form.styles.ts';
import { groupStyles } from './group.styles.ts';
import { pageHead, pageHeadStyles } from './page-head.ts';
import './people-picker-view.ts';

/** Makes a group or channel: its name, and who is in it. Says `room-open`, `page-close`, `panel-close`. */
export class NewGroupView extends LitElement {
  static override styles = [base, ...pageHeadStyles, view, formStyles, groupStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    type: { attribute: false },
    closable: { attribute: false },
    name: { state: true },
    picked: { state: true },
    busy: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare type: 'group' | 'channel';
  declare closable: boolean;
  declare name: string;
  declare picked: ReadonlyMap<Id, User>;
  declare busy: boolean;

  /** The same however often it is tried. */
  readonly #clientId = crypto.getRandomValues(new Uint32Array(4)).join('-');

  constructor() {
    super();
    this.l = englishLocalizer;
    this.type = 'group';
    this.closable = false;
    this.name = '';
    this.picked = new Map();
    this.busy = false;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('#name')?.focus();
  }

  protected override render() {
    const g = groupStrings(this.l, this.type);
    const length = countGraphemes(this.name.trim());
    const over = length - LIMITS.roomNameMax;
    return html`${pageHead(this, g.newGroup)}
      <div class="field">
        <label class="sr" for="name">${g.groupName}</label>
        <span class="box"
          ><input
            id="name"
            dir="auto"
            autocomplete="off"
            placeholder=${g.groupName}
            .value=${this.name}
            aria-invalid=${over > 0 ? 'true' : nothing}
            @input=${(event: InputEvent) => {
              if (event.target instanceof HTMLInputElement) this.name = event.target.value;
            }}
        /></span>
        ${over > 0 ? html`<p class="problem" role="alert">${this.l.s.tooLong(String(over))}</p>` : nothing}
      </div>
      <co-talk-people-picker
        exportparts="list, person-row, search, avatar"
        .client=${this.client}
        .l=${this.l}
        .picked=${this.picked}
        @picked-change=${(event: InnerEvent<'picked-change'>) => {
          this.picked = event.detail.picked;
        }}
      ></co-talk-people-picker>
      <div class="bar">
        <button class="btn wide" ?disabled=${this.busy || length === 0 || over > 0} @click=${() => void this.#create()}>
          ${g.create}${this.picked.size ? ` · ${g.picked(String(this.picked.size))}` : ''}
        </button>
      </div>`;
  }

  async #create(): Promise<void> {
    this.busy = true;
    let room: Room | undefined;
    const made = await attempt(this, this.l, async () => {
      room = await this.client.rooms.create({
        type: this.type,
        name: this.name.trim(),
        memberIds: [...this.picked.keys()],
        clientId: this.#clientId,
      });
    });
    this.busy = false;
    if (made && room) say(this, 'room-open', { roomId: room.id });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-new-group-view': NewGroupView;
  }
}

define('co-talk-new-group-view', NewGroupView);
