import { css } from 'lit';

/**
 * The theming contract: pages set `--co-talk-*` on `co-talk` or above it; everything inside reads the private `--ct-*`,
 * so that a page's value wins over both colour schemes wherever it is set.
 */
export const tokens = css`
  .root {
    --ct-accent: var(--co-talk-accent, #3d5afe);
    --ct-on-accent: var(--co-talk-on-accent, #fff);
    --ct-surface: var(--co-talk-surface, #fff);
    --ct-surface-2: var(--co-talk-surface-2, #f4f5f8);
    --ct-surface-3: var(--co-talk-surface-3, #e2e5eb);
    --ct-border: var(--co-talk-border, #e8eaef);
    --ct-field-border: var(--co-talk-field-border, #d5d9e2);
    --ct-text: var(--co-talk-text, #151820);
    --ct-text-2: var(--co-talk-text-2, #5a6170);
    --ct-text-3: var(--co-talk-text-3, #666d7b);
    --ct-online: var(--co-talk-online, #16a34a);
    --ct-danger: var(--co-talk-danger, #d0281c);
    --ct-bubble: var(--co-talk-bubble, var(--ct-surface-2));
    --ct-on-bubble: var(--co-talk-on-bubble, var(--ct-text));
    --ct-own: var(--co-talk-own, var(--ct-accent));
    --ct-on-own: var(--co-talk-on-own, #fff);
    --ct-shadow: var(--co-talk-shadow, 0 24px 64px -12px rgb(16 24 40 / 0.22), 0 4px 12px rgb(16 24 40 / 0.08));
    --ct-accent-soft: var(--co-talk-accent-soft, color-mix(in srgb, var(--ct-accent) 9%, var(--ct-surface)));
    --ct-radius: var(--co-talk-radius, 18px);
    --ct-bubble-radius: var(--co-talk-bubble-radius, 18px);
    --ct-space: var(--co-talk-spacing, 4px);
    color-scheme: light;
  }
  .root.dark {
    --ct-accent: var(--co-talk-accent, #7c8cff);
    --ct-on-accent: var(--co-talk-on-accent, #0d1020);
    --ct-surface: var(--co-talk-surface, #15171c);
    --ct-surface-2: var(--co-talk-surface-2, #1e2128);
    --ct-surface-3: var(--co-talk-surface-3, #2e333e);
    --ct-border: var(--co-talk-border, #272b34);
    --ct-field-border: var(--co-talk-field-border, #3a404d);
    --ct-text: var(--co-talk-text, #f1f3f8);
    --ct-text-2: var(--co-talk-text-2, #a7aebc);
    --ct-text-3: var(--co-talk-text-3, #8b93a3);
    --ct-online: var(--co-talk-online, #3ddc84);
    --ct-danger: var(--co-talk-danger, #ff7a70);
    --ct-own: var(--co-talk-own, var(--co-talk-accent, #4a5ce8));
    --ct-shadow: var(--co-talk-shadow, 0 24px 64px -12px rgb(0 0 0 / 0.6), 0 0 0 1px #272b34);
    --ct-accent-soft: var(--co-talk-accent-soft, color-mix(in srgb, var(--ct-accent) 18%, var(--ct-surface)));
    color-scheme: dark;
  }
`;

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
