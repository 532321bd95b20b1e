import { css } from 'lit';

/** The host has no box: its parts stand in the composer's bar, the files in a line of their own above the field. */
export const attachStyles = css`
  :host {
    display: contents;
  }
  .icon {
    flex: none;
    inline-size: 40px;
    block-size: 40px;
    margin-inline-start: -4px;
    color: var(--ct-text-2);
  }
  .tray {
    order: -1;
    flex: 0 0 100%;
    min-inline-size: 0;
    display: flex;
    gap: 8px;
    margin: 0;
    padding: 2px 2px 4px;
    list-style: none;
    overflow-x: auto;
    scrollbar-width: thin;
  }
  .chip {
    flex: 0 0 auto;
    display: flex;
    align-items: center;
    gap: 8px;
    inline-size: min(236px, 100%);
    padding: 6px;
    border-radius: 14px;
    background: var(--ct-surface-2);
  }
  .look {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: 9px;
    overflow: hidden;
    background: var(--ct-surface-3);
    color: var(--ct-text-2);
  }
  canvas {
    inline-size: 100%;
    block-size: 100%;
  }
  .what {
    position: relative;
    flex: 1;
    min-inline-size: 0;
    display: grid;
    gap: 1px;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 13px;
    line-height: 18px;
    font-weight: 560;
  }
  .more {
    font-size: 12px;
    line-height: 16px;
    color: var(--ct-text-3);
    font-variant-numeric: tabular-nums;
  }
  .failed .more {
    color: var(--ct-danger);
  }
  progress {
    appearance: none;
    inline-size: 100%;
    block-size: 3px;
    border: 0;
    border-radius: 2px;
    overflow: hidden;
    background: var(--ct-surface-3);
    color: var(--ct-accent);
  }
  progress::-webkit-progress-bar {
    background: var(--ct-surface-3);
  }
  progress::-webkit-progress-value {
    background: var(--ct-accent);
  }
  progress::-moz-progress-bar {
    background: var(--ct-accent);
  }
  .chip button {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 28px;
    block-size: 28px;
    border-radius: 50%;
    color: var(--ct-text-2);
  }
  .chip button svg {
    inline-size: 16px;
    block-size: 16px;
  }
  .recording i {
    inline-size: 28px;
    block-size: 28px;
    border-radius: 50%;
    background: var(--ct-danger);
  }
  .drop {
    position: absolute;
    z-index: 3;
    inset: 8px;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 8px;
    border: 2px dashed var(--ct-accent);
    border-radius: 14px;
    background: color-mix(in srgb, var(--ct-surface) 90%, transparent);
    color: var(--ct-accent);
    font-weight: 560;
    pointer-events: none;
  }
  .drop svg {
    inline-size: 32px;
    block-size: 32px;
  }
  @media (hover: hover) {
    .chip button:hover {
      background: var(--ct-surface-3);
    }
  }
  @media (pointer: coarse) {
    .icon,
    .chip button {
      inline-size: 44px;
      block-size: 44px;
    }
  }
  @media (forced-colors: active) {
    .chip {
      border: 1px solid CanvasText;
    }
  }
`;
