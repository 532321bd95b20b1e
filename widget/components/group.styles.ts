import { css } from 'lit';

/** What the pages about groups and channels share. */
export const groupStyles = css`
  .list {
    position: relative;
    padding-block-end: 16px;
  }
  .bar {
    flex: none;
    padding: 10px 16px 14px;
    border-block-start: 1px solid var(--ct-border);
  }
  .field {
    margin: 4px 16px 12px;
  }
  .deed {
    text-align: start;
  }
  .deed .disc {
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 44px;
    block-size: 44px;
    border-radius: 50%;
    background: var(--ct-accent-soft);
    color: var(--ct-accent);
  }
  .deed .name {
    font-weight: 600;
  }
  .deed small {
    display: block;
    font-size: 13px;
    line-height: 18px;
    color: var(--ct-text-2);
  }
  .deed.danger .disc {
    background: var(--ct-surface-2);
  }
  .deed.danger,
  .deed.danger .disc {
    color: var(--ct-danger);
  }
  .role {
    flex: none;
    padding: 1px 7px;
    border-radius: 8px;
    background: var(--ct-accent-soft);
    color: var(--ct-accent);
    font-size: 11px;
    line-height: 16px;
    font-weight: 620;
  }
`;
