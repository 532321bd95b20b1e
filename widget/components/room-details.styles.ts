import { css } from 'lit';

export const roomDetailsStyles = css`
  .card {
    display: grid;
    justify-items: center;
    gap: 2px;
    padding: 8px 16px 16px;
    text-align: center;
  }
  .card .avatar {
    --size: 88px;
    margin-block-end: 10px;
  }
  .card h2 {
    display: flex;
    align-items: center;
    gap: 4px;
    max-inline-size: 100%;
    font-size: 20px;
    line-height: 28px;
    font-weight: 660;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  .card h2 .icon {
    inline-size: 32px;
    block-size: 32px;
  }
  .card h2 svg {
    inline-size: 16px;
    block-size: 16px;
  }
  .card p {
    color: var(--ct-text-2);
  }
  .card form {
    inline-size: 100%;
    text-align: start;
  }
  .card .field {
    margin-inline: 0;
  }
  .acts {
    display: flex;
    gap: 8px;
    justify-content: flex-end;
  }
  co-talk-picture-field {
    justify-content: center;
    margin-block: 12px 0;
  }
  .section {
    display: flex;
    justify-content: space-between;
  }
  .section span {
    font-weight: 500;
    color: var(--ct-text-3);
  }
  .end {
    margin-block-start: 12px;
    padding-block-start: 8px;
    border-block-start: 1px solid var(--ct-border);
  }
`;
