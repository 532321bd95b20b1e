import { css } from 'lit';

export const privacyViewStyles = css`
  .list {
    padding: 4px 16px 16px;
  }
  section {
    margin-block-end: 28px;
  }
  h2 {
    font-size: 15px;
    line-height: 20px;
    font-weight: 640;
  }
  p {
    margin-block: 4px 12px;
    color: var(--ct-text-2);
  }
  .switch {
    display: flex;
    align-items: center;
    gap: 16px;
    margin-block-end: 28px;
    cursor: pointer;
  }
  .switch > span {
    flex: 1;
    min-inline-size: 0;
    font-weight: 560;
  }
  .hint {
    display: block;
    font-weight: 400;
    color: var(--ct-text-2);
  }
  input {
    appearance: none;
    flex: none;
    inline-size: 44px;
    block-size: 26px;
    padding: 3px;
    border-radius: 13px;
    background: var(--ct-text-3);
    cursor: pointer;
  }
  input::before {
    content: '';
    display: block;
    inline-size: 20px;
    block-size: 20px;
    border-radius: 50%;
    background: var(--ct-surface);
  }
  input:checked {
    background: var(--ct-accent);
  }
  input:checked::before {
    margin-inline-start: 18px;
  }
  @media (pointer: coarse) {
    .switch {
      min-block-size: 44px;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    input,
    input::before {
      transition:
        background 0.15s,
        margin 0.15s;
    }
  }
  @media (forced-colors: active) {
    input {
      border: 1px solid ButtonText;
    }
    input::before {
      background: ButtonText;
      forced-color-adjust: none;
      margin-block-start: -1px;
    }
    input:checked::before {
      background: Highlight;
    }
  }
`;
