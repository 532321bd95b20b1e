import { css } from 'lit';

/** A row of a list: picture, two lines, and what stands at the end. */
export const rowStyles = css`
  .row {
    display: flex;
    gap: 12px;
    align-items: center;
    inline-size: 100%;
    padding: 9px 8px;
    border-radius: 14px;
  }
  .row.sel,
  .row.tint {
    background: var(--ct-surface-2);
  }
  .row:focus-visible {
    outline-offset: -2px;
  }
  .text {
    flex: 1;
    min-inline-size: 0;
  }
  .l1,
  .l2 {
    display: flex;
    gap: 8px;
  }
  .l1 {
    align-items: baseline;
  }
  .l2 {
    align-items: center;
    margin-block-start: 1px;
    min-block-size: 20px;
    color: var(--ct-text-2);
  }
  .l1 .name {
    flex: 1;
    font-weight: 600;
  }
  .l1 .name,
  .l2 .what {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .l2 .what {
    flex: 1;
  }
  .l1 svg,
  .l2 svg {
    inline-size: 14px;
    block-size: 14px;
    color: var(--ct-text-3);
    align-self: center;
  }
  time {
    color: var(--ct-text-3);
    font-size: 12px;
    line-height: 16px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .new .l2 {
    color: var(--ct-text);
  }
  .new time {
    color: var(--ct-accent);
    font-weight: 600;
  }
  .typing,
  .new .typing {
    color: var(--ct-accent);
  }
  @media (hover: hover) {
    button.row:hover {
      background: var(--ct-surface-2);
    }
  }
  .bone {
    display: flex;
    gap: 12px;
    align-items: center;
    padding: 9px 8px;
  }
  .bone i {
    display: block;
    background: var(--ct-surface-2);
    border-radius: 8px;
    block-size: 11px;
  }
  .bone > i {
    inline-size: 44px;
    block-size: 44px;
    border-radius: 50%;
    flex: none;
  }
  .bone div {
    flex: 1;
    display: grid;
    gap: 9px;
  }
  .bone i.w1 {
    inline-size: 62%;
  }
  .bone i.w2 {
    inline-size: 82%;
  }
  .bone i.w3 {
    inline-size: 48%;
  }
  .bone i.w4 {
    inline-size: 70%;
  }
  .bone i.w5 {
    inline-size: 36%;
  }
`;
