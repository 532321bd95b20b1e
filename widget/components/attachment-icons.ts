import { html, type TemplateResult } from 'lit';

const icon = (d: string): TemplateResult =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${d}></path></svg>`;

export const fileIcons = {
  clip: icon(
    'm19.4 11.4-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.3 4.3l-7.9 7.9a1.5 1.5 0 0 1-2.2-2.1l7.2-7.2',
  ),
  file: icon(
    'M13.4 3.8H7.6a1.8 1.8 0 0 0-1.8 1.8v12.8a1.8 1.8 0 0 0 1.8 1.8h8.8a1.8 1.8 0 0 0 1.8-1.8V8.6ZM13.2 4v4.8H18',
  ),
  down: icon('M12 4.6v10.2M7.4 10.4l4.6 4.6 4.6-4.6M5 19.4h14'),
  broken: icon('M4.5 5.5h15v13h-15ZM8.7 9.6h.01M4.8 16.4l4.4-4 3 2.6M13.6 13l2.2-2 3.4 3.2M4 3.4l16 17.2'),
  microphone: icon(
    'M12 4.2a2.6 2.6 0 0 1 2.6 2.6v4.6a2.6 2.6 0 0 1-5.2 0V6.8A2.6 2.6 0 0 1 12 4.2ZM6.4 11.4a5.6 5.6 0 0 0 11.2 0M12 17v3',
  ),
  play: icon('M8.5 5.8v12.4l9.5-6.2Z'),
  pause: icon('M8.8 6v12M15.2 6v12'),
  done: icon('m5.5 12.6 4.2 4.2 8.8-9.6'),
  again: icon('M19 12a7 7 0 1 1-2.1-5M19.2 3.8v3.8h-3.8'),
};
