import { css } from 'lit';

export const youViewStyles = css`
  .list {
    padding: 0 16px 16px;
  }
  .section {
    display: block;
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
  .guest {
    padding: 14px;
    margin-block-end: 8px;
    border-radius: 14px;
    background: var(--ct-surface-2);
  }
  .guest .btn {
    margin-block-start: 12px;
  }
  co-talk-confirm {
    margin: 8px 0;
  }
  co-talk-privacy-view,
  co-talk-guest-save-view {
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
`;
