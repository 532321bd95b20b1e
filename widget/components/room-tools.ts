import { css, html, nothing } from 'lit';
import type { Id, Room, UpdateRoomMe } from '@co-talk/sdk/protocol';
import { say, type InnerEvent } from '../events.ts';
import { icons } from '../icons.ts';
import type { Localizer } from '../localize.ts';
import './menu.ts';

const styles = css`
  li {
    position: relative;
  }
  .tool,
  co-talk-menu {
    position: absolute;
    inset-inline-end: 8px;
  }
  .tool {
    inset-block-end: 7px;
    inline-size: 28px;
    block-size: 28px;
    border-radius: 9px;
    background: var(--ct-surface-2);
    opacity: 0;
  }
  li:hover .tool,
  .tool:focus-visible,
  .tool[aria-expanded='true'] {
    opacity: 1;
  }
  co-talk-menu {
    inset-block-end: 0;
    block-size: 1px;
    z-index: 2;
  }
  @media (pointer: coarse) {
    /* Held rows open the menu. */
    .tool:not(:focus-visible) {
      pointer-events: none;
      opacity: 0;
    }
  }
`;

/** A list of rooms that shows one menu at a time. */
interface Host extends HTMLElement {
  l: Localizer;
  /** The room whose menu is open. */
  menu: Id | null;
  updateComplete: Promise<boolean>;
}

/** Makes place for the tools in a list. */
export function dressRooms({ shadowRoot }: Host): void {
  const { styleSheet } = styles;
  if (styleSheet && shadowRoot && !shadowRoot.adoptedStyleSheets.includes(styleSheet))
    shadowRoot.adoptedStyleSheets.push(styleSheet);
}

/** What can be done with a room from its row: as in its head. Says `room-me`. */
export function roomTool(host: Host, { id, me }: Room, name: string) {
  const { s } = host.l;
  const label = s.moreAbout(name);
  return html`<button
      class="icon tool"
      aria-label=${label}
      aria-haspopup="menu"
      data-tool=${id}
      @click=${() => void openRoomMenu(host, id)}
    >
      ${icons.more}
    </button>
    ${
      host.menu === id
        ? html`<co-talk-menu
            .label=${label}
            .items=${[
              { id: 'pin', label: me?.pinned ? s.unpin : s.pin },
              { id: 'mute', label: me?.muted ? s.unmute : s.mute },
              { id: 'hide', label: s.hide },
            ]}
            @pick=${(event: InnerEvent<'pick'>) => {
              event.stopPropagation();
              const changes: Record<string, UpdateRoomMe> = {
                pin: { pinned: !me?.pinned },
                mute: { muted: !me?.muted },
                hide: { hidden: true },
              };
              const change = changes[event.detail.id];
              if (change) say(host, 'room-me', { roomId: id, change });
            }}
          ></co-talk-menu>`
        : nothing
    }`;
}

export async function openRoomMenu(host: Host, id: Id): Promise<void> {
  host.menu = id;
  await host.updateComplete;
  const tools = [...(host.shadowRoot?.querySelectorAll<HTMLElement>('.tool') ?? [])];
  const tool = tools.find((at) => at.dataset['tool'] === id);
  if (tool) await host.shadowRoot?.querySelector('co-talk-menu')?.openFor(tool);
}
