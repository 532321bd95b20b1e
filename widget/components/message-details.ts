import { html, nothing, type TemplateResult } from 'lit';
import type { Client, Id, SentMessage } from '@co-talk/sdk';
import { messageStrings } from '../locales/messages.ts';
import { isolate, nameOf, type Localizer } from '../localize.ts';
import { fullTime } from '../time.ts';

/** When a message was sent and changed, and whom it has reached. */
export function details(message: SentMessage, client: Client, l: Localizer): TemplateResult {
  const m = messageStrings(l);
  const { readMarkers, deliveredMarkers } = client.messages.room(message.roomId).store.get();
  const users = client.users.store.get();
  const reached = (markers: ReadonlyMap<Id, number>) =>
    [...markers].flatMap(([id, seq]) => (id !== message.senderId && seq >= message.seq ? id : []));
  const read = reached(readMarkers);
  // Whoever has read it has received it.
  const delivered = reached(deliveredMarkers).filter((id) => !read.includes(id));
  const names = (ids: Id[]) =>
    new Intl.ListFormat(l.locale).format(ids.map((id) => isolate(nameOf(users.get(id), l) ?? '…')));
  const time = (at: string) => fullTime(at, l.locale, new Date());
  return html`<dl>
    <dt>${m.sentAt}</dt>
    <dd>${time(message.createdAt)}</dd>
    ${
      message.editedAt
        ? html`<dt>${m.editedAt}</dt>
            <dd>${time(message.editedAt)}</dd>`
        : nothing
    }
    <dt>${m.readBy}</dt>
    <dd>${read.length ? names(read) : m.nobodyYet}</dd>
    ${
      delivered.length
        ? html`<dt>${m.deliveredTo}</dt>
            <dd>${names(delivered)}</dd>`
        : nothing
    }
  </dl>`;
}
