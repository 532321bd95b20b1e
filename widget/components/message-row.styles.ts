import { css } from 'lit';

export const messageRowStyles = css`
  .happening {
    margin: 10px 32px 6px;
    text-align: center;
    text-wrap: balance;
    overflow-wrap: anywhere;
    font-size: 12px;
    line-height: 16px;
    color: var(--ct-text-2);
  }
  .marked .bubble {
    outline: 2px solid var(--ct-accent);
    outline-offset: 2px;
  }
  .day {
    padding: 12px 0 10px;
    text-align: center;
    font-size: 12px;
    line-height: 16px;
    font-weight: 520;
    color: var(--ct-text-3);
  }
  .divider {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 10px 0;
    font-size: 12px;
    line-height: 16px;
    font-weight: 600;
    color: var(--ct-accent);
  }
  .divider::before,
  .divider::after {
    content: '';
    flex: 1;
    block-size: 1px;
    background: color-mix(in srgb, var(--ct-accent) 30%, transparent);
  }
  .sender {
    padding-inline-start: 49px;
    padding-block-end: 2px;
    font-size: 12px;
    line-height: 16px;
    font-weight: 560;
    color: var(--ct-text-2);
  }
  .line {
    display: flex;
    align-items: flex-end;
    gap: 8px;
    padding-block-end: 3px;
  }
  .line.own {
    justify-content: flex-end;
  }
  .gap {
    flex: none;
    inline-size: 28px;
  }
  .bubble {
    max-inline-size: min(78%, 560px);
    min-inline-size: 0;
    padding: 8px 13px;
    border-radius: var(--ct-bubble-radius);
    background: var(--ct-bubble);
    color: var(--ct-on-bubble);
    overflow: clip;
  }
  co-talk-attachments:not(:defined) {
    display: block;
  }
  co-talk-attachments {
    margin: -4px -9px;
    max-inline-size: calc(100% + 18px);
  }
  .told {
    margin-block-end: 6px;
  }
  .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .quote {
    display: block;
    inline-size: 100%;
    margin-block: 1px 6px;
    padding: 4px 10px;
    border-radius: 8px;
    border-inline-start: 3px solid currentcolor;
    background: color-mix(in srgb, currentcolor 9%, transparent);
    font-size: 13px;
    line-height: 18px;
    text-align: start;
  }
  .quote b,
  .words {
    display: block;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
    unicode-bidi: isolate;
  }
  .quote b,
  .forwarded {
    font-weight: 600;
  }
  .edited,
  .forwarded {
    display: block;
    font-size: 12px;
    line-height: 16px;
  }
  .edited {
    text-align: end;
  }
  .line:not(.own) .quote {
    border-inline-start-color: var(--ct-accent);
  }
  .own .quote:focus-visible {
    outline-color: currentcolor;
  }
  .line:not(.own, .head) .bubble {
    border-start-start-radius: 6px;
  }
  .line:not(.own, .tail) .bubble {
    border-end-start-radius: 6px;
  }
  .own .bubble {
    background: var(--ct-own);
    color: var(--ct-on-own);
  }
  .own:not(.head) .bubble {
    border-start-end-radius: 6px;
  }
  .own:not(.tail) .bubble {
    border-end-end-radius: 6px;
  }
  .bubble a {
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 2px;
    border-radius: 3px;
  }
  .line:not(.own) .bubble a {
    color: var(--ct-accent);
  }
  .own .bubble a:focus-visible {
    outline-color: currentcolor;
  }
  .foot,
  .reason {
    font-size: 12px;
    line-height: 16px;
    color: var(--ct-text-3);
    font-variant-numeric: tabular-nums;
  }
  .foot {
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: 16px;
    padding-block-end: 10px;
    padding-inline-start: 42px;
    box-sizing: content-box;
  }
  .foot.own,
  .reason {
    justify-content: flex-end;
    padding-inline: 6px;
  }
  .reason {
    margin-block-start: -8px;
    padding-block-end: 10px;
    text-align: end;
  }
  .foot svg {
    inline-size: 15px;
    block-size: 15px;
    stroke-width: 2;
    display: block;
  }
  .state.read {
    color: var(--ct-accent);
  }
  .waiting {
    display: grid;
    align-items: center;
    justify-items: end;
  }
  .waiting > * {
    grid-area: 1 / 1;
  }
  /* A send that takes a moment shows a clock; one that takes longer says that it waits. */
  .late {
    animation: appear 0s 1.5s backwards;
  }
  .soon {
    animation: vanish 0s 1.5s forwards;
  }
  .foot .failed,
  .foot .failed .link {
    color: var(--ct-danger);
    font-weight: 560;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @keyframes vanish {
    to {
      opacity: 0;
    }
  }
  @media (pointer: coarse) {
    .failed .link {
      padding-block: 14px;
    }
  }
  @media (forced-colors: active) {
    .bubble {
      border: 1px solid CanvasText;
    }
  }
`;
