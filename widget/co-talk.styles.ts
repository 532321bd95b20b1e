import { css, unsafeCSS } from 'lit';
import { LAUNCHER_CSS } from './launcher-look.ts';

export const coTalkStyles = css`
  ${unsafeCSS(LAUNCHER_CSS)}
  /* No box of its own: a page's margins, transforms or opacity on it cannot move the launcher. */
  :host {
    display: contents;
  }
  :host([layout='inline']) {
    display: block;
    block-size: var(--co-talk-height, 640px);
    inline-size: var(--co-talk-width, auto);
    min-inline-size: 0;
  }
  :host([hidden]) {
    display: none !important;
  }
  .root {
    color: var(--ct-text);
  }
  /* Korean is broken between words; what is too long for a line anywhere. */
  .root:lang(ko) {
    word-break: keep-all;
    overflow-wrap: anywhere;
  }
  :host([layout='inline']) .root {
    display: block;
    block-size: 100%;
  }
  .panel {
    display: flex;
    flex-direction: column;
    position: relative;
    box-sizing: border-box;
    overflow: clip;
    background: var(--ct-surface);
    color: var(--ct-text);
    border-radius: var(--ct-radius);
    isolation: isolate;
  }
  .panel:focus {
    outline: none;
  }
  .inline {
    block-size: 100%;
    border: 1px solid var(--ct-border);
  }
  .floating {
    position: fixed;
    z-index: var(--co-talk-z-index, 2147483000);
    inset-block-end: calc(max(20px, env(safe-area-inset-bottom)) + 76px);
    inset-inline-end: max(20px, env(safe-area-inset-right));
    inline-size: var(--co-talk-width, 376px);
    block-size: min(var(--co-talk-height, 640px), 100dvb - 116px);
    max-inline-size: calc(100dvi - 40px);
    box-shadow: var(--ct-shadow);
  }
  .pane {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-inline-size: 0;
    min-block-size: 0;
    position: relative;
  }
  .pane.wide {
    flex-direction: row;
  }
  .wide .side {
    flex: 0 0 340px;
    border-inline-end: 1px solid var(--ct-border);
  }
  .view {
    flex: 1;
    min-block-size: 0;
  }
  .view:not(:defined) {
    display: block;
  }
  .stage {
    display: grid;
    flex: 1;
    place-content: center;
    justify-items: center;
    gap: 12px;
    padding: 32px 24px;
    text-align: center;
    color: var(--ct-text-2);
  }
  .stage .icon {
    position: absolute;
    inset-block-start: 12px;
    inset-inline-end: 12px;
  }
  .notice {
    position: absolute;
    z-index: 5;
    inset-block-end: 76px;
    inset-inline: 16px;
    padding: 10px 14px;
    border-radius: 12px;
    background: var(--ct-text);
    color: var(--ct-surface);
    font-weight: 500;
    box-shadow: 0 8px 24px rgb(16 24 40 / 0.24);
  }
  .notice:empty {
    display: none;
  }
  @media (max-width: 480px) {
    .floating {
      inset: var(--ct-top, 0) 0 auto;
      inline-size: 100%;
      max-inline-size: none;
      block-size: var(--ct-visible, 100dvb);
      border-radius: 0;
      padding-block: env(safe-area-inset-top) env(safe-area-inset-bottom);
      padding-inline: env(safe-area-inset-left) env(safe-area-inset-right);
    }
    .covered {
      display: none !important;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .floating {
      animation: co-talk-rise 0.16s ease-out;
    }
  }
  @keyframes co-talk-rise {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }
  @media (forced-colors: active) {
    .panel {
      border: 1px solid CanvasText;
    }
  }
`;
