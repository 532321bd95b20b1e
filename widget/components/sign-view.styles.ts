import { css } from 'lit';

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
