import { css } from 'lit';

export const messageListStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-block-size: 0;
    position: relative;
  }
  .scroller {
    flex: 1;
    min-block-size: 0;
    overflow-y: auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
    /* Positions count from the end: what happens above the view cannot move it. */
    display: flex;
    flex-direction: column-reverse;
    padding-inline: 14px;
    scrollbar-width: thin;
    scrollbar-color: var(--ct-surface-3) transparent;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .sizer {
    flex: none;
    position: relative;
    inline-size: 100%;
  }
  .rows {
    position: absolute;
    inset-block-end: 0;
    inset-inline: 0;
  }
  .row {
    display: flow-root;
  }
  .typing {
    position: absolute;
    inset-block-end: 8px;
    inset-inline-start: 0;
    display: flex;
    align-items: flex-end;
    gap: 8px;
  }
  .dots {
    display: flex;
    gap: 4px;
    padding: 13px 14px;
    border-radius: var(--ct-bubble-radius);
    background: var(--ct-bubble);
  }
  .dots i {
    inline-size: 6px;
    block-size: 6px;
    border-radius: 50%;
    background: var(--ct-text-3);
  }
  .dots i:nth-child(2) {
    opacity: 0.6;
  }
  .dots i:nth-child(3) {
    opacity: 0.35;
  }
  .older {
    position: absolute;
    inset-block-start: 0;
    inset-inline: 0;
    display: grid;
    gap: 8px;
    padding-block: 8px;
    padding-inline-start: 36px;
  }
  .older i {
    block-size: 32px;
    inline-size: 56%;
    border-radius: 16px;
    background: var(--ct-surface-2);
  }
  .older i:nth-child(2) {
    inline-size: 38%;
    justify-self: end;
  }
  .older i:nth-child(3) {
    inline-size: 46%;
  }
  .jump {
    position: absolute;
    inset-block-end: 10px;
    inset-inline-end: 14px;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
    display: grid;
    place-items: center;
    background: var(--ct-surface);
    color: var(--ct-text-2);
    border: 1px solid var(--ct-border);
    box-shadow: 0 4px 16px rgb(16 24 40 / 0.16);
  }
  .jump .badge {
    position: absolute;
    inset-block-start: -8px;
    inset-inline-end: -6px;
  }
  @keyframes breathe {
    50% {
      transform: translateY(-3px);
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .dots i {
      animation: breathe 1.2s ease-in-out infinite;
    }
    .dots i:nth-child(2) {
      animation-delay: 0.15s;
    }
    .dots i:nth-child(3) {
      animation-delay: 0.3s;
    }
  }
  @media (pointer: coarse) {
    .jump {
      inline-size: 44px;
      block-size: 44px;
    }
  }
  @media (forced-colors: active) {
    .dots {
      border: 1px solid CanvasText;
    }
  }
`;
