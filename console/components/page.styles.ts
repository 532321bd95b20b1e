import { css } from 'lit';

/** The head of a page: what it is, and what can be done here. */
export const pageStyles = css`
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
    margin-block-end: 20px;
  }
  .head > :first-child {
    flex: 1 1 auto;
    min-inline-size: 0;
  }
  h1 {
    font-size: 24px;
    line-height: 32px;
    font-weight: 690;
    letter-spacing: -0.02em;
    overflow-wrap: anywhere;
  }
  .up {
    display: inline-flex;
    align-items: center;
    gap: 2px;
    margin-block-end: 6px;
    margin-inline-start: -4px;
    font-size: 13px;
    color: var(--text-2);
  }
  .up svg {
    inline-size: 16px;
    block-size: 16px;
  }
`;
