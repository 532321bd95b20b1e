import { html, nothing } from 'lit';
import { icons } from './icons.ts';
import { badge, type Localizer } from './localize.ts';

/** The floating button, or what the page has in its place. */
export function launcher(opened: boolean, unread: number, { s }: Localizer, toggle: () => unknown) {
  const label = opened ? s.close : unread ? s.openChatUnread(badge(unread)) : s.openChat;
  return html`<div class="launch ${opened ? 'covered' : ''}">
    <slot name="launcher" @click=${toggle}
      ><button
        class="launcher"
        part="launcher"
        aria-haspopup="dialog"
        aria-expanded=${opened ? 'true' : 'false'}
        aria-label=${label}
      >
        ${opened ? icons.close : icons.chat}
        ${unread && !opened ? html`<span class="count" part="count" aria-hidden="true">${badge(unread)}</span>` : nothing}
      </button></slot
    >
  </div>`;
}
