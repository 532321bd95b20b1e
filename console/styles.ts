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

/** Cards and what stands in them. */
export const cards = css`
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
  }
  .card {
    background: var(--surface);
    border: 1px solid var(--border);
    border-radius: 16px;
    box-shadow: var(--shadow-card);
    overflow: hidden;
  }
  .card > header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    padding: 16px 20px;
  }
  .card > header > div:first-child {
    flex: 1 1 220px;
  }
  .card h2 {
    font-size: 15px;
    line-height: 22px;
    font-weight: 640;
    letter-spacing: -0.005em;
  }
  .lead,
  .hint {
    color: var(--text-2);
  }
  .lead {
    max-inline-size: 84ch;
    margin-block-start: 2px;
    font-size: 13px;
  }
  .body {
    padding: 4px 20px 20px;
  }
  .rows > li {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 56px;
    padding: 10px 20px;
    border-block-start: 1px solid var(--border);
  }
  .rows .main {
    flex: 1;
    min-inline-size: 0;
  }
  .rows .name {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .rows .sub {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    color: var(--text-2);
    font-size: 13px;
    line-height: 18px;
    overflow-wrap: anywhere;
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .end {
    display: flex;
    justify-content: center;
    padding: 12px;
    border-block-start: 1px solid var(--border);
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: 4px;
    padding: 40px 24px 44px;
    border-block-start: 1px solid var(--border);
    text-align: center;
    color: var(--text-2);
    text-wrap: balance;
  }
  .empty > svg {
    inline-size: 26px;
    block-size: 26px;
    padding: 13px;
    box-sizing: content-box;
    border-radius: 50%;
    background: var(--accent-soft);
    color: var(--accent-text);
    margin-block-end: 10px;
  }
  .empty h3 {
    font-size: 15px;
    line-height: 22px;
    font-weight: 640;
    color: var(--text);
  }
  .empty p {
    max-inline-size: 52ch;
  }
  .empty .btn {
    margin-block-start: 14px;
  }
  .failure {
    padding: 12px 16px;
    border-radius: 12px;
    background: var(--danger-soft);
    color: var(--danger);
    font-weight: 520;
  }
  .failure .btn {
    margin-block-start: 8px;
  }
  .notice {
    display: flex;
    gap: 10px;
    padding: 12px 16px;
    border-radius: 12px;
    background: var(--warn-soft);
    color: var(--warn);
  }
  .notice a {
    color: inherit;
    text-decoration: underline;
  }
  .bone {
    inline-size: 62%;
    block-size: 14px;
    margin: 14px 20px;
    border-radius: 7px;
    background: var(--surface-2);
  }
  .bone.short {
    inline-size: 34%;
  }
  .bone.half {
    inline-size: 48%;
  }
  .avatar {
    display: grid;
    place-items: center;
    inline-size: 36px;
    block-size: 36px;
    flex: none;
    border-radius: 50%;
    background: var(--accent-soft);
    color: var(--accent-text);
    font-weight: 650;
    font-size: 13px;
  }
  @media (max-width: 599px) {
    .card > header,
    .rows > li {
      padding-inline: 16px;
    }
    .body {
      padding-inline: 16px;
    }
    .rows > li.wraps {
      flex-wrap: wrap;
    }
    .rows > li.wraps .acts {
      inline-size: 100%;
      padding-block-end: 4px;
    }
  }
`;

/** Fields, switches and what is said about them. */
export const forms = css`
  .field {
    display: block;
    margin-block-end: 16px;
  }
  .field > label,
  legend {
    display: block;
    padding: 0;
    margin-block-end: 6px;
    font-weight: 580;
    font-size: 13px;
    line-height: 18px;
  }
  input:not([type='checkbox'], [type='radio']),
  textarea,
  select {
    inline-size: 100%;
    min-block-size: 40px;
    padding: 9px 12px;
    border-radius: 10px;
    border: 1px solid var(--field-border);
    background: var(--surface);
    color: var(--text);
  }
  textarea {
    min-block-size: 112px;
    resize: vertical;
    font-family: var(--mono);
    font-size: 12.5px;
  }
  select {
    appearance: none;
    padding-inline-end: 32px;
    background: var(--surface)
      url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='%23808796' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'%3E%3Cpath d='m6.5 9.5 5.5 5.5 5.5-5.5'/%3E%3C/svg%3E")
      right 8px center / 18px no-repeat;
  }
  ::placeholder {
    color: var(--text-3);
    opacity: 1;
  }
  input:focus-visible,
  textarea:focus-visible,
  select:focus-visible {
    outline-offset: -1px;
  }
  [aria-invalid='true'] {
    border-color: var(--danger) !important;
  }
  .hint,
  .problem {
    margin-block-start: 5px;
    font-size: 12px;
    line-height: 17px;
  }
  .problem {
    color: var(--danger);
    font-weight: 520;
  }
  .line {
    display: flex;
    gap: 8px;
    align-items: flex-start;
  }
  .line > :first-child {
    flex: 1;
    min-inline-size: 0;
  }
  .line .btn {
    min-block-size: 40px;
  }
  .choice {
    display: flex;
    gap: 12px;
    padding: 12px 14px;
    border: 1px solid var(--field-border);
    border-radius: 12px;
    cursor: pointer;
  }
  .choice + .choice {
    margin-block-start: 8px;
  }
  .choice:has(:checked) {
    border-color: var(--accent);
    background: var(--accent-soft);
  }
  .choice input {
    margin-block-start: 3px;
    accent-color: var(--accent);
    inline-size: 15px;
    block-size: 15px;
    flex: none;
  }
  .choice strong {
    display: block;
    font-weight: 600;
  }
  .choice span span {
    color: var(--text-2);
    font-size: 13px;
    line-height: 18px;
  }
  .switch {
    appearance: none;
    inline-size: 40px;
    block-size: 24px;
    flex: none;
    border-radius: 12px;
    background: var(--text-3);
    cursor: pointer;
    position: relative;
  }
  .switch::after {
    content: '';
    position: absolute;
    inset-block-start: 3px;
    inset-inline-start: 3px;
    inline-size: 18px;
    block-size: 18px;
    border-radius: 50%;
    background: #fff;
  }
  .switch:checked {
    background: var(--accent);
  }
  .switch:checked::after {
    inset-inline-start: 19px;
  }
  .segments {
    display: inline-flex;
    padding: 3px;
    border-radius: 11px;
    background: var(--surface-2);
  }
  .segments label {
    padding: 5px 12px;
    border-radius: 8px;
    font-size: 13px;
    line-height: 18px;
    font-weight: 580;
    color: var(--text-2);
    cursor: pointer;
    white-space: nowrap;
  }
  .segments label:has(:checked) {
    background: var(--surface);
    color: var(--text);
    box-shadow: 0 1px 3px rgb(16 24 40 / 0.14);
  }
  .segments label:has(:focus-visible) {
    outline: 2px solid var(--accent);
  }
  @media (pointer: coarse), (max-width: 599px) {
    input:not([type='checkbox'], [type='radio']),
    select {
      font-size: 16px;
      min-block-size: 44px;
    }
    .line .btn {
      min-block-size: 44px;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .switch::after {
      transition: inset-inline-start 0.14s;
    }
  }
  @media (forced-colors: active) {
    .switch {
      border: 1px solid ButtonText;
    }
    .switch::after {
      background: ButtonText;
    }
    .segments label:has(:checked),
    .choice:has(:checked) {
      outline: 2px solid Highlight;
    }
  }
`;
