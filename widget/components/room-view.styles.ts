import { css } from 'lit';

export const roomViewStyles = css`
  :host {
    position: relative;
  }
  .fill {
    flex: 1;
    align-content: center;
  }
  .fill .avatar {
    margin-block-end: 12px;
  }
  .closed {
    display: flex;
    flex: none;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    padding: 12px 16px;
    border-block-start: 1px solid var(--ct-border);
    color: var(--ct-text-2);
  }
  .bones {
    flex: 1;
    display: grid;
    align-content: end;
    gap: 10px;
    padding: 16px 14px;
  }
  .bones i {
    block-size: 36px;
    inline-size: 58%;
    border-radius: 18px;
    background: var(--ct-surface-2);
  }
  .bones i:nth-child(2) {
    inline-size: 42%;
  }
  .bones i:nth-child(3) {
    inline-size: 52%;
    justify-self: end;
  }
  .bones i:nth-child(4) {
    inline-size: 34%;
  }
  co-talk-confirm {
    margin: 8px;
  }
`;
