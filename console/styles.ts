import { css } from 'lit';

/** What every component starts from: box model, controls, one focus ring. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
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
  ol,
  dl,
  dd,
  pre,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    font: inherit;
    list-style: none;
    min-inline-size: 0;
  }
  button,
  input,
  textarea,
  select {
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    text-align: start;
    -webkit-tap-highlight-color: transparent;
  }
  button,
  select,
  summary {
    cursor: pointer;
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  a {
    color: var(--accent-text);
    font-weight: 560;
    text-decoration: none;
    border-radius: 4px;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
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
  code,
  .mono {
    font-family: var(--mono);
    font-size: 12.5px;
  }
  .sr {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .btn {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-block-size: 36px;
    padding: 0 14px;
    border-radius: 10px;
    font-weight: 600;
    font-size: 13px;
    line-height: 18px;
    white-space: nowrap;
    background: var(--accent);
    color: var(--on-accent);
    text-decoration: none;
  }
  .btn svg {
    inline-size: 16px;
    block-size: 16px;
    stroke-width: 2;
    margin-inline-start: -2px;
  }
  .btn.quiet {
    background: var(--surface);
    color: var(--text);
    box-shadow: inset 0 0 0 1px var(--field-border);
  }
  .btn.danger {
    background: var(--danger);
    color: var(--on-danger);
  }
  .btn.danger.quiet {
    background: var(--surface);
    color: var(--danger);
  }
  .btn.wide {
    inline-size: 100%;
    min-block-size: 44px;
    border-radius: 12px;
    font-size: 15px;
  }
  .icon {
    display: inline-grid;
    place-items: center;
    inline-size: 32px;
    block-size: 32px;
    flex: none;
    border-radius: 9px;
    color: var(--text-2);
  }
  .icon svg {
    inline-size: 18px;
    block-size: 18px;
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    padding: 1px 8px;
    border-radius: 10px;
    background: var(--surface-2);
    color: var(--text-2);
    font-size: 12px;
    line-height: 18px;
    font-weight: 560;
    white-space: nowrap;
  }
  .badge.good {
    background: var(--good-soft);
    color: var(--good);
  }
  .badge.warn {
    background: var(--warn-soft);
    color: var(--warn);
  }
  .badge.bad {
    background: var(--danger-soft);
    color: var(--danger);
  }
  .badge.tint {
    background: var(--accent-soft);
    color: var(--accent-text);
  }
  @media (hover: hover) {
    a:hover {
      text-decoration: underline;
    }
    .btn:hover:not(:disabled) {
      background: color-mix(in srgb, var(--accent) 88%, var(--text));
      text-decoration: none;
    }
    .btn.quiet:hover:not(:disabled) {
      background: var(--surface-2);
    }
    .btn.danger:not(.quiet):hover:not(:disabled) {
      background: color-mix(in srgb, var(--danger) 88%, var(--text));
    }
    .icon:hover:not(:disabled) {
      background: var(--surface-2);
      color: var(--text);
    }
  }
  @media (pointer: coarse) {
    .btn,
    .icon {
      min-block-size: 44px;
    }
    .icon {
      inline-size: 44px;
    }
  }
  @media (forced-colors: active) {
    .btn,
    .icon,
    .badge {
      border: 1px solid ButtonText;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .btn,
    .icon {
      transition: background-color 0.12s;
    }
  }
`;
