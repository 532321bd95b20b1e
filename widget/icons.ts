import { html, type TemplateResult } from 'lit';

const icon = (d: string, flip = false): TemplateResult =>
  html`<svg viewBox="0 0 24 24" class=${flip ? 'flip' : ''} aria-hidden="true" focusable="false">
    <path d=${d}></path>
  </svg>`;

export const icons = {
  chat: icon(
    'M12 3.8c-4.8 0-8.5 3.2-8.5 7.4 0 2.4 1.2 4.5 3.1 5.8v3.2l3.1-1.8c.7.2 1.5.2 2.3.2 4.8 0 8.5-3.2 8.5-7.4S16.8 3.8 12 3.8Z',
  ),
  people: icon(
    'M12.3 8.3a3.3 3.3 0 1 1-6.6 0 3.3 3.3 0 0 1 6.6 0ZM2.9 19.3c.5-3.2 2.9-5 6.1-5s5.6 1.8 6.1 5M15.9 5.2a3.3 3.3 0 0 1 0 6.2M17.9 14.6c1.7.7 2.9 2.3 3.2 4.4',
  ),
  person: icon('M15.7 8.3a3.7 3.7 0 1 1-7.4 0 3.7 3.7 0 0 1 7.4 0ZM4.9 19.9c.8-3.6 3.6-5.4 7.1-5.4s6.3 1.8 7.1 5.4'),
  search: icon('M17.3 11a6.3 6.3 0 1 1-12.6 0 6.3 6.3 0 0 1 12.6 0ZM19.9 19.9l-4.3-4.3'),
  plus: icon('M12 5.2v13.6M5.2 12h13.6'),
  back: icon('M14.5 5.5 8 12l6.5 6.5', true),
  close: icon('m6.7 6.7 10.6 10.6m0-10.6L6.7 17.3'),
  more: html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path stroke-width="2.6" d="M5.5 12h.01M12 12h.01M18.5 12h.01"></path>
  </svg>`,
  send: icon('M12 18.8V5.4M6.4 11 12 5.4l5.6 5.6'),
  chevron: icon('m6.5 9.5 5.5 5.5 5.5-5.5'),
  down: icon('M12 5.2v13.4M6.4 13l5.6 5.6 5.6-5.6'),
  tick: icon('m5.5 12.6 4.2 4.2 8.8-9.6'),
  ticks: icon('m2.7 12.6 4.2 4.2 8.8-9.6M11.7 16.2l.7.6 8.9-9.6'),
  clock: icon('M19.8 12a7.8 7.8 0 1 1-15.6 0 7.8 7.8 0 0 1 15.6 0ZM12 7.8v4.6l2.9 1.7'),
  eye: icon(
    'M2.8 12S6 5.9 12 5.9 21.2 12 21.2 12 18 18.1 12 18.1 2.8 12 2.8 12ZM14.7 12a2.7 2.7 0 1 1-5.4 0 2.7 2.7 0 0 1 5.4 0Z',
  ),
  eyeOff: icon(
    'M9.9 6.1c.7-.1 1.4-.2 2.1-.2 6 0 9.2 6.1 9.2 6.1a16 16 0 0 1-2.6 3.3M6.4 7.7A15 15 0 0 0 2.8 12S6 18.1 12 18.1c1.8 0 3.3-.5 4.6-1.2M4 4l16 16',
  ),
  muted: icon(
    'M9 5.7A4.9 4.9 0 0 1 16.9 9.6c0 1.7.3 3 .7 4M5 17.2h10.5M7.1 9.6c0 4-2.1 5.4-2.1 7.6M10.2 20h3.6M4 4l16 16',
  ),
  pin: icon('M9.2 4.2h5.6l-.7 6.2 3.2 3.2v1.6H6.7v-1.6l3.2-3.2ZM12 15.2v5'),
} as const;
