import { css } from 'lit';

/** How reactions look below bubbles. */
export const reactionStyles = css`
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin: 0 0 6px;
    padding-inline-start: 36px;
  }
  .chips.own {
    justify-content: flex-end;
    padding-inline-start: 0;
  }
  .chip {
    position: relative;
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: 26px;
    padding: 0 8px;
    border: 1px solid var(--ct-border);
    border-radius: 13px;
    background: var(--ct-surface);
    color: var(--ct-text-2);
    font-size: 12px;
    line-height: 16px;
    font-variant-numeric: tabular-nums;
    user-select: none;
    -webkit-touch-callout: none;
  }
  .chip b {
    font-size: 15px;
    font-weight: 400;
  }
  .chip[aria-pressed='true'] {
    border-color: color-mix(in srgb, var(--ct-accent) 55%, transparent);
    background: var(--ct-accent-soft);
    color: var(--ct-text);
    font-weight: 560;
  }
  .who {
    position: absolute;
    z-index: 4;
    inset-block-end: calc(100% + 6px);
    inset-inline-start: 0;
    inline-size: max-content;
    max-inline-size: 220px;
    padding: 6px 10px;
    border-radius: 9px;
    background: var(--ct-text);
    color: var(--ct-surface);
    font-weight: 400;
    text-align: start;
    overflow-wrap: anywhere;
    pointer-events: none;
    visibility: hidden;
  }
  .own .who {
    inset-inline: auto 0;
  }
  .chip:focus-visible .who,
  .chip.held .who {
    visibility: visible;
  }
  @media (hover: hover) {
    .chip:hover .who {
      visibility: visible;
      transition: visibility 0s 0.4s;
    }
    .chip:hover {
      border-color: var(--ct-field-border);
    }
  }
  @media (pointer: coarse) {
    .chip {
      min-block-size: 32px;
      border-radius: 16px;
    }
  }
  @media (forced-colors: active) {
    .chip[aria-pressed='true'] {
      border: 2px solid Highlight;
    }
    .who {
      border: 1px solid CanvasText;
    }
  }
`;
