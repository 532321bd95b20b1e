import { html, nothing } from 'lit';
import { say } from '../events.ts';
import { icons } from '../icons.ts';
import type { Localizer } from '../localize.ts';

interface Closable extends HTMLElement {
  closable: boolean;
  l: Localizer;
}

/** Closes the panel, from a view that is alone in it. */
export function closeButton(host: Closable, look = 'icon') {
  return host.closable
    ? html`<button class=${look} aria-label=${host.l.s.close} @click=${() => say(host, 'panel-close', null)}>
        ${icons.close}
      </button>`
    : nothing;
}
