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
  .day {
    padding: 12px 0 10px;
    text-align: center;
    font-size: 12px;
    line-height: 16px;
    font-weight: 520;
    color: var(--ct-text-3);
  }
  .divider {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 10px 0;
    font-size: 12px;
    line-height: 16px;
    font-weight: 600;
    color: var(--ct-accent);
  }
  .divider::before,
  .divider::after {
    content: '';
    flex: 1;
    block-size: 1px;
    background: color-mix(in srgb, var(--ct-accent) 30%, transparent);
  }
  .sender {
    padding-inline-start: 49px;
    padding-block-end: 2px;
    font-size: 12px;
    line-height: 16px;
    font-weight: 560;
    color: var(--ct-text-2);
  }
  .line {
    display: flex;
    align-items: flex-end;
    gap: 8px;
    padding-block-end: 3px;
  }
  .line.own {
    justify-content: flex-end;
  }
  .gap {
    flex: none;
    inline-size: 28px;
  }
  .bubble {
    max-inline-size: min(78%, 560px);
    min-inline-size: 0;
    padding: 8px 13px;
    border-radius: var(--ct-bubble-radius);
    background: var(--ct-bubble);
    color: var(--ct-on-bubble);
    overflow: clip;
  }
  .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .line:not(.own, .head) .bubble {
    border-start-start-radius: 6px;
  }
  .line:not(.own, .tail) .bubble {
    border-end-start-radius: 6px;
  }
  .own .bubble {
    background: var(--ct-own);
    color: var(--ct-on-own);
  }
  .own:not(.head) .bubble {
    border-start-end-radius: 6px;
  }
  .own:not(.tail) .bubble {
    border-end-end-radius: 6px;
  }
  .bubble a {
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 2px;
    border-radius: 3px;
  }
  .line:not(.own) .bubble a {
    color: var(--ct-accent);
  }
  .own .bubble a:focus-visible {
    outline-color: currentcolor;
  }
  .foot,
  .reason {
    font-size: 12px;
    line-height: 16px;
    color: var(--ct-text-3);
    font-variant-numeric: tabular-nums;
  }
  .foot {
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: 16px;
    padding-block-end: 10px;
    padding-inline-start: 42px;
    box-sizing: content-box;
  }
  .foot.own,
  .reason {
    justify-content: flex-end;
    padding-inline: 6px;
  }
  .reason {
    margin-block-start: -8px;
    padding-block-end: 10px;
    text-align: end;
  }
  .foot svg {
    inline-size: 15px;
    block-size: 15px;
    stroke-width: 2;
    display: block;
  }
  .state.read {
    color: var(--ct-accent);
  }
  .waiting {
    display: grid;
    align-items: center;
    justify-items: end;
  }
  .waiting > * {
    grid-area: 1 / 1;
  }
  /* A send that takes a moment shows a clock; one that takes longer says that it waits. */
  .late {
    animation: appear 0s 1.5s backwards;
  }
  .soon {
    animation: vanish 0s 1.5s forwards;
  }
  .failed,
  .failed .link {
    color: var(--ct-danger);
    font-weight: 560;
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
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @keyframes vanish {
    to {
      opacity: 0;
    }
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
    .failed .link {
      padding-block: 14px;
    }
  }
  @media (forced-colors: active) {
    .bubble,
    .dots {
      border: 1px solid CanvasText;
    }
  }
`;
