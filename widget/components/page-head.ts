import { css, html } from 'lit';
import { say } from '../events.ts';
import { icons } from '../icons.ts';
import { header } from '../styles.ts';
import { closeButton } from './close-button.ts';

export const pageHeadStyles = [
  header,
  css`
    .head {
      padding-inline-start: 8px;
    }
  `,
];

/** The head of a page that stands in the place of a view: the way back, its title. Says `page-close`. */
export function pageHead(host: Parameters<typeof closeButton>[0], title: string) {
  return html`<header class="head" part="header">
    <button class="icon" aria-label=${host.l.s.back} @click=${() => say(host, 'page-close', null)}>
      ${icons.back}
    </button>
    <h1>${title}</h1>
    ${closeButton(host)}
  </header>`;
}
