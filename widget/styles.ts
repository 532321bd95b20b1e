import { css } from 'lit';

/** What every component starts from: box model, controls without the browser's look, one focus ring. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol {
    margin: 0;
    padding: 0;
    font: inherit;
    list-style: none;
  }
  button,
  input,
  textarea,
  select {
    margin: 0;
    padding: 0;
    border: 0;
    border-radius: 0;
    background: none;
    color: inherit;
    font: inherit;
    letter-spacing: inherit;
    text-align: start;
    -webkit-tap-highlight-color: transparent;
  }
  button,
  select {
    cursor: pointer;
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--ct-accent);
    outline-offset: 2px;
  }
  svg {
    inline-size: 20px;
    block-size: 20px;
    flex: none;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .flip:dir(rtl) {
    transform: scaleX(-1);
  }
  .sr {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .icon {
    inline-size: 36px;
    block-size: 36px;
    flex: none;
    border-radius: 10px;
    color: var(--ct-text-2);
    display: grid;
    place-items: center;
  }
  co-talk-menu:not(:defined) {
    flex: none;
    inline-size: 36px;
  }
  .icon.tint {
    background: var(--ct-accent-soft);
    color: var(--ct-accent);
  }
  .btn {
    block-size: 34px;
    padding: 0 14px;
    border-radius: 10px;
    font-weight: 600;
    font-size: 13px;
    line-height: 18px;
    text-align: center;
    white-space: nowrap;
    background: var(--ct-accent);
    color: var(--ct-on-accent);
  }
  .btn.ghost {
    background: var(--ct-surface-2);
    color: var(--ct-text);
  }
  .btn.danger {
    background: var(--ct-surface-2);
    color: var(--ct-danger);
  }
  .btn.wide {
    inline-size: 100%;
    block-size: 46px;
    border-radius: 14px;
    font-size: 15px;
    line-height: 20px;
  }
  .link {
    color: var(--ct-accent);
    font-weight: 600;
    border-radius: 4px;
  }
  .badge {
    min-inline-size: 20px;
    block-size: 20px;
    padding: 0 6px;
    border-radius: 10px;
    background: var(--ct-accent);
    color: var(--ct-on-accent);
    font-size: 12px;
    line-height: 20px;
    font-weight: 650;
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
  @media (hover: hover) {
    .icon:hover:not(:disabled) {
      background: var(--ct-surface-2);
      color: var(--ct-text);
    }
    .icon.tint:hover:not(:disabled) {
      background: color-mix(in srgb, var(--ct-accent) 20%, var(--ct-surface));
      color: var(--ct-accent);
    }
    .btn:hover:not(:disabled) {
      background: color-mix(in srgb, var(--ct-accent) 88%, var(--ct-text));
    }
    .btn.ghost:hover:not(:disabled),
    .btn.danger:hover:not(:disabled) {
      background: var(--ct-surface-3);
    }
    .link:hover {
      text-decoration: underline;
    }
  }
  @media (pointer: coarse) {
    .icon {
      inline-size: 44px;
      block-size: 44px;
    }
    .btn {
      block-size: 44px;
    }
    .link {
      padding-block: 12px;
    }
  }
  @media (forced-colors: active) {
    .btn,
    .icon,
    .badge {
      border: 1px solid ButtonText;
    }
  }
`;

/** The head of a view: a title and what can be done here. */
export const header = css`
  .head {
    display: flex;
    align-items: center;
    gap: 8px;
    flex: none;
    min-block-size: 60px;
    padding: 12px;
    padding-inline-start: 16px;
  }
  .head h1 {
    flex: 1;
    min-inline-size: 0;
    font-size: 20px;
    line-height: 28px;
    font-weight: 680;
    letter-spacing: -0.015em;
  }
`;

/** A view fills what it is given and scrolls inside. */
export const view = css`
  :host {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .list {
    flex: 1;
    min-block-size: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 0 8px 8px;
    scrollbar-width: thin;
    scrollbar-color: var(--ct-surface-3) transparent;
  }
  .section {
    padding: 12px 8px 6px;
    font-size: 12px;
    line-height: 16px;
    font-weight: 620;
    color: var(--ct-text-2);
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: 4px;
    padding: 48px 24px;
    text-align: center;
    color: var(--ct-text-2);
  }
  .empty svg {
    inline-size: 40px;
    block-size: 40px;
    stroke-width: 1.4;
    padding: 12px;
    box-sizing: content-box;
    border-radius: 50%;
    background: var(--ct-accent-soft);
    color: var(--ct-accent);
    margin-block-end: 12px;
  }
  .empty h2 {
    font-size: 16px;
    line-height: 24px;
    font-weight: 640;
    color: var(--ct-text);
  }
  .empty .btn {
    margin-block-start: 16px;
  }
`;
