import { css } from 'lit';

export const formStyles = css`
  .field {
    display: block;
    margin-block-end: 14px;
  }
  .field label {
    display: block;
    font-weight: 580;
    font-size: 13px;
    line-height: 18px;
    margin-block-end: 6px;
  }
  .box {
    position: relative;
    display: block;
  }
  .box input,
  .box select {
    inline-size: 100%;
    block-size: 46px;
    padding: 0 14px;
    border-radius: 13px;
    border: 1px solid var(--ct-field-border);
    background: var(--ct-surface);
    color: var(--ct-text);
    font-size: 16px;
    line-height: 20px;
  }
  .box input:focus-visible,
  .box select:focus-visible {
    outline-offset: -2px;
    border-color: transparent;
  }
  .box input[aria-invalid='true'] {
    border-color: var(--ct-danger);
  }
  .box select {
    appearance: none;
    padding-inline-end: 40px;
    text-overflow: ellipsis;
  }
  .box > svg {
    position: absolute;
    inset-block-start: 50%;
    inset-inline-end: 14px;
    transform: translateY(-50%);
    inline-size: 16px;
    block-size: 16px;
    color: var(--ct-text-2);
    pointer-events: none;
  }
  .box .icon {
    position: absolute;
    inset-block-start: 50%;
    inset-inline-end: 5px;
    transform: translateY(-50%);
  }
  .box:has(.icon) input {
    padding-inline-end: 48px;
  }
  .hint,
  .problem {
    margin-block-start: 5px;
    font-size: 12px;
    line-height: 16px;
  }
  .hint {
    color: var(--ct-text-3);
  }
  .problem {
    color: var(--ct-danger);
    font-weight: 500;
  }
  .failure {
    margin-block-end: 14px;
    padding: 10px 14px;
    border-radius: 12px;
    background: color-mix(in srgb, var(--ct-danger) 8%, var(--ct-surface));
    color: var(--ct-danger);
    font-weight: 500;
  }
`;

/** A page that is one form: signing in and up, and what belongs to it. */
export const signViewStyles = css`
  :host {
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  form {
    padding: 28px 24px 24px;
    inline-size: 100%;
    max-inline-size: 440px;
    margin-inline: auto;
  }
  .page {
    padding: 4px 16px 16px;
  }
  .mark {
    inline-size: 44px;
    block-size: 44px;
    border-radius: 14px;
    background: var(--ct-accent);
    color: var(--ct-on-accent);
    display: grid;
    place-items: center;
  }
  .mark svg {
    inline-size: 24px;
    block-size: 24px;
  }
  h1 {
    margin: 18px 0 6px;
    font-size: 24px;
    line-height: 30px;
    font-weight: 680;
    letter-spacing: -0.015em;
  }
  .lead {
    margin-block-end: 22px;
    color: var(--ct-text-2);
  }
  .calm {
    margin-block: auto;
    text-align: center;
  }
  .calm .mark {
    margin-inline: auto;
  }
  h1 + .failure {
    margin-block-start: 16px;
  }
  .or {
    margin-block-start: 16px;
    text-align: center;
    color: var(--ct-text-2);
  }
  .btn {
    margin-block-start: 4px;
  }
  .top {
    position: absolute;
    inset-block-start: 12px;
    inset-inline-end: 12px;
  }
`;
