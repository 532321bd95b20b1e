import { css } from 'lit';

export const youViewStyles = css`
  .list {
    padding: 0 16px 16px;
  }
  .section {
    display: block;
    padding-inline: 0;
  }
  .row {
    padding-inline: 0;
  }
  .card {
    display: flex;
    align-items: center;
    gap: 14px;
    padding: 4px 0 12px;
  }
  .card .who {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .card .who strong {
    display: block;
    font-size: 16px;
    line-height: 24px;
    font-weight: 640;
  }
  .card .who span {
    display: block;
    color: var(--ct-text-2);
  }
  .card .who .mail {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .card .who .unverified {
    font-size: 12px;
    line-height: 20px;
  }
  .unverified .link {
    font-size: inherit;
  }
  .guest {
    padding: 14px;
    margin-block-end: 8px;
    border-radius: 14px;
    background: var(--ct-surface-2);
  }
  .guest .btn {
    margin-block-start: 12px;
  }
  .themes {
    display: flex;
    padding: 3px;
    border-radius: 12px;
    background: var(--ct-surface-2);
  }
  .themes label {
    flex: 1;
    padding: 6px 8px;
    border-radius: 9px;
    text-align: center;
    font-weight: 560;
    color: var(--ct-text-2);
    cursor: pointer;
  }
  .themes label:has(:checked) {
    background: var(--ct-surface);
    color: var(--ct-text);
    box-shadow: 0 1px 3px rgb(16 24 40 / 0.14);
  }
  .themes label:has(:focus-visible) {
    outline: 2px solid var(--ct-accent);
  }
  fieldset {
    border: 0;
    margin: 0;
    padding: 0;
    min-inline-size: 0;
  }
  co-talk-confirm {
    margin: 8px 0;
  }
  co-talk-privacy-view {
    flex: 1;
  }
  .privacy {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin-block-start: 20px;
  }
  .privacy svg {
    transform: scaleX(-1);
  }
  .privacy svg:dir(rtl) {
    transform: none;
  }
  .out {
    margin-block-start: 8px;
  }
  @media (pointer: coarse) {
    .themes label {
      padding-block: 12px;
    }
  }
  @media (forced-colors: active) {
    .themes label:has(:checked) {
      outline: 2px solid Highlight;
    }
  }
`;
