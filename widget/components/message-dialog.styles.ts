import { css } from 'lit';

export const messageDialogStyles = css`
  h2 + blockquote {
    margin-block-start: 12px;
  }
  .btn.danger,
  .btn.danger:hover:not(:disabled) {
    background: var(--ct-danger);
    color: var(--ct-surface);
  }
  .targets {
    max-block-size: 264px;
    margin: 0 -10px 10px;
    padding: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    list-style: none;
  }
  .target {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 48px;
    padding-inline: 10px;
    border-radius: 12px;
    cursor: pointer;
  }
  .target span.name {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .target input {
    flex: none;
    inline-size: 18px;
    block-size: 18px;
    accent-color: var(--ct-accent);
  }
  @media (hover: hover) {
    .target:hover {
      background: var(--ct-surface-2);
    }
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 8px 16px;
    margin: 0 0 16px;
  }
  dt {
    color: var(--ct-text-2);
  }
  dd {
    margin: 0;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
`;
