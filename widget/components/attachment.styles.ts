import { css } from 'lit';

export const attachmentStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 4px;
  }
  .pictures {
    flex: 1;
    min-block-size: 0;
    display: grid;
  }
  .many {
    grid-template-columns: 1fr 1fr;
    grid-auto-rows: 1fr;
    gap: 4px;
  }
  .many .picture:last-child:nth-child(odd) {
    grid-column: span 2;
  }
  .picture {
    position: relative;
    display: block;
    padding: 0;
    min-block-size: 0;
    border-radius: 12px;
    overflow: hidden;
    background: var(--ct-surface-3);
    cursor: zoom-in;
  }
  .picture:disabled {
    cursor: default;
    opacity: 1;
  }
  .picture:focus-visible {
    outline-offset: -3px;
    outline-color: currentcolor;
  }
  .picture canvas,
  .picture img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .picture img {
    opacity: 0;
  }
  .picture.shown img {
    opacity: 1;
  }
  .picture svg {
    position: absolute;
    inset: 0;
    margin: auto;
    inline-size: 28px;
    block-size: 28px;
    color: var(--ct-text-2);
  }
  video {
    inline-size: 100%;
    border-radius: 12px;
    background: #000;
    display: block;
  }
  audio {
    inline-size: 100%;
    block-size: 52px;
  }
  .file {
    display: flex;
    align-items: center;
    gap: 10px;
    block-size: 52px;
    flex: none;
    padding: 6px 10px 6px 6px;
    border-radius: 12px;
    background: color-mix(in srgb, currentcolor 9%, transparent);
    color: inherit;
    text-align: start;
  }
  .file:focus-visible {
    outline-color: currentcolor;
    outline-offset: -2px;
  }
  .sign {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 9px;
    background: color-mix(in srgb, currentcolor 12%, transparent);
  }
  .what {
    flex: 1;
    min-inline-size: 0;
    display: grid;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 560;
  }
  .more {
    font-size: 12px;
    line-height: 16px;
    font-variant-numeric: tabular-nums;
  }
  .file > svg {
    flex: none;
    inline-size: 20px;
    block-size: 20px;
  }
  @media (hover: hover) {
    .file:hover {
      background: color-mix(in srgb, currentcolor 15%, transparent);
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .picture img {
      transition: opacity 0.2s;
    }
  }
  @media (forced-colors: active) {
    .file,
    .picture {
      border: 1px solid ButtonText;
    }
  }
`;
