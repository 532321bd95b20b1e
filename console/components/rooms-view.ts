import { html } from 'lit';
import type { AdminRoom } from '@co-talk/sdk/protocol';
import { rowLinks } from '../card.styles.ts';
import { icons } from '../icons.ts';
import { Resource, type Rows } from '../resource.ts';
import { link } from '../route.ts';
import { empty, View } from '../view.ts';

/** The rooms of an app, the liveliest first. */
export class RoomsView extends View {
  static override styles = [...View.styles, rowLinks];

  static override properties = { path: { attribute: false }, appId: { attribute: false } };
  declare path: string;
  declare appId: string;

  readonly #rooms = new Resource<Rows<AdminRoom>>(this, () => this.api.get(`${this.path}/rooms`));

  protected override render() {
    const { s } = this.l;
    return html`<section class="card" aria-labelledby="rooms">
      <header>
        <div>
          <h2 id="rooms">${s.tabs.rooms}</h2>
          <p class="lead">${s.roomsText}</p>
        </div>
      </header>
      ${this.show(this.#rooms, ({ items }) =>
        items.length === 0
          ? empty(icons.chat, s.noRooms, s.noRoomsText)
          : html`<ul class="rows" role="list">
                ${items.map((room) => this.#row(room))}
              </ul>
              ${this.more(this.#rooms, (cursor) => this.api.get(`${this.path}/rooms?cursor=${encodeURIComponent(cursor)}`))}`,
      )}
    </section>`;
  }

  #row(room: AdminRoom) {
    const { s, number } = this.l;
    const name = room.name ?? s.roomTypes[room.type];
    return html`<li>
      <span class="avatar" aria-hidden="true">${room.type === 'direct' ? icons.chat : icons.people}</span>
      <div class="main">
        <p class="name">
          <bdi>${name}</bdi>${room.name === null ? '' : html`<span class="badge">${s.roomTypes[room.type]}</span>`}
        </p>
        <p class="sub">
          <span>${s.memberCount(number(room.memberCount))}</span><span>${s.messageCount(number(room.lastSeq))}</span>
          <span>${s.lastActivity} ${this.time(room.lastActivityAt)}</span>
        </p>
      </div>
      ${icons.next}
      <a href=${link('apps', this.appId, 'rooms', room.id)} aria-label="${name}, ${room.id}"></a>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-rooms-view': RoomsView;
  }
}

customElements.define('ct-rooms-view', RoomsView);
