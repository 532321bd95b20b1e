import { css } from 'lit';

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
