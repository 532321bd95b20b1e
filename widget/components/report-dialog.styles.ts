import { css } from 'lit';

export const reportDialogStyles = css`
  :host {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    background: rgb(10 14 22 / 0.4);
  }
  .sheet {
    max-block-size: 100%;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 20px 20px 16px;
    border-block-start: 1px solid var(--ct-border);
    border-start-start-radius: 20px;
    border-start-end-radius: 20px;
    background: var(--ct-surface);
    box-shadow: 0 -12px 32px -6px rgb(16 24 40 / 0.24);
  }
  h2 {
    font-size: 17px;
    line-height: 24px;
    font-weight: 660;
    letter-spacing: -0.01em;
  }
  .hint {
    margin-block: 2px 12px;
    font-size: 13px;
    line-height: 18px;
    color: var(--ct-text-2);
  }
  blockquote {
    margin: 0 0 12px;
    padding: 8px 12px;
    border-radius: 12px;
    background: var(--ct-surface-2);
    font-size: 13px;
    line-height: 18px;
  }
  blockquote p {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
    color: var(--ct-text-2);
  }
  fieldset {
    margin: 0 0 10px;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  .reason {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 40px;
    padding-inline: 10px;
    margin-inline: -10px;
    border-radius: 10px;
    cursor: pointer;
  }
  .reason input {
    flex: none;
    inline-size: 18px;
    block-size: 18px;
    accent-color: var(--ct-accent);
  }
  .box textarea {
    display: block;
    inline-size: 100%;
    block-size: 68px;
    padding: 10px 14px;
    border-radius: 13px;
    border: 1px solid var(--ct-field-border);
    background: var(--ct-surface);
    font-size: 16px;
    line-height: 22px;
    resize: none;
  }
  .box textarea[aria-invalid='true'] {
    border-color: var(--ct-danger);
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
  }
  .thanks {
    text-align: center;
    padding-block: 8px 12px;
    color: var(--ct-text-2);
  }
  .thanks svg {
    inline-size: 28px;
    block-size: 28px;
    margin-block-end: 10px;
    padding: 10px;
    box-sizing: content-box;
    border-radius: 50%;
    background: var(--ct-accent-soft);
    color: var(--ct-accent);
  }
  .thanks h2 {
    color: var(--ct-text);
  }
  @media (hover: hover) {
    .reason:hover {
      background: var(--ct-surface-2);
    }
  }
  @media (pointer: coarse) {
    .reason {
      min-block-size: 46px;
    }
  }
  @media (forced-colors: active) {
    .sheet {
      border: 1px solid CanvasText;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    :host {
      animation: shade 0.15s;
    }
    .sheet {
      animation: rise 0.2s cubic-bezier(0.2, 0.8, 0.2, 1);
    }
  }
  @keyframes shade {
    from {
      background: transparent;
    }
  }
  @keyframes rise {
    from {
      transform: translateY(24px);
    }
  }
`;
