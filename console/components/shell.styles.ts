import { css } from 'lit';

/** The frame around everything: navigation at the side, at the bottom on a phone. */
export const shellStyles = css`
  :host {
    display: block;
    min-block-size: 100dvh;
  }
  aside {
    position: fixed;
    inset-block: 0;
    inset-inline-start: 0;
    inline-size: 232px;
    display: flex;
    flex-direction: column;
    padding: 20px 12px 16px;
    background: var(--surface);
    border-inline-end: 1px solid var(--border);
    z-index: 2;
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 0 8px 20px;
    font-size: 16px;
    line-height: 24px;
    font-weight: 680;
    letter-spacing: -0.01em;
  }
  .mark {
    display: grid;
    place-items: center;
    inline-size: 32px;
    block-size: 32px;
    border-radius: 10px;
    background: var(--accent);
    color: var(--on-accent);
  }
  .mark svg {
    inline-size: 18px;
    block-size: 18px;
  }
  nav {
    display: grid;
    gap: 2px;
  }
  nav a {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 9px 10px;
    border-radius: 10px;
    color: var(--text-2);
    font-weight: 580;
    text-decoration: none;
  }
  nav a[aria-current] {
    background: var(--accent-soft);
    color: var(--accent-text);
  }
  .foot {
    display: flex;
    align-items: center;
    gap: 4px;
    margin-block-start: auto;
    padding-inline-start: 2px;
  }
  .foot select {
    flex: 1;
    min-inline-size: 0;
    min-block-size: 32px;
    padding: 4px 26px 4px 8px;
    border-color: transparent;
    background-position: right 6px center;
    background-color: transparent;
    font-size: 13px;
    color: var(--text-2);
  }
  .foot option {
    background: var(--surface);
    color: var(--text);
  }
  main {
    margin-inline-start: 232px;
    padding: 32px 40px 64px;
    outline: none;
  }
  main > * {
    max-inline-size: 1040px;
    margin-inline: auto;
  }
  main.alone {
    margin: 0;
    display: grid;
    place-items: center;
    min-block-size: 100dvh;
  }
  .skip {
    position: fixed;
    inset-block-start: 8px;
    inset-inline-start: 8px;
    z-index: 3;
    padding: 8px 14px;
    border-radius: 10px;
    background: var(--surface);
    box-shadow: var(--shadow);
  }
  .skip:not(:focus) {
    opacity: 0;
    pointer-events: none;
  }
  .toasts {
    position: fixed;
    inset-block-end: 24px;
    inset-inline: 16px;
    z-index: 4;
    display: grid;
    justify-items: center;
    pointer-events: none;
  }
  .toast {
    display: flex;
    align-items: flex-start;
    gap: 8px;
    max-inline-size: 560px;
    padding: 11px 16px 11px 12px;
    border-radius: 12px;
    background: var(--text);
    color: var(--surface);
    box-shadow: var(--shadow);
    font-weight: 520;
    overflow-wrap: anywhere;
  }
  .toast.bad {
    background: var(--danger);
    color: var(--on-danger);
  }
  @media (hover: hover) {
    nav a:hover:not([aria-current]) {
      background: var(--surface-2);
      color: var(--text);
    }
  }
  @media (max-width: 859px) {
    aside {
      inset-block: auto 0;
      inset-inline: 0;
      inline-size: auto;
      flex-direction: row;
      align-items: center;
      padding: 4px 8px calc(4px + env(safe-area-inset-bottom));
      border-inline-end: 0;
      border-block-start: 1px solid var(--border);
    }
    .brand {
      display: none;
    }
    nav {
      flex: 1;
      grid-auto-flow: column;
      grid-auto-columns: 1fr;
    }
    nav a {
      flex-direction: column;
      gap: 2px;
      padding: 6px 4px;
      font-size: 11px;
      line-height: 14px;
    }
    nav a[aria-current] {
      background: none;
    }
    .foot {
      margin: 0;
      gap: 0;
    }
    .foot select {
      inline-size: 84px;
      flex: none;
    }
    main {
      margin-inline-start: 0;
      padding: 20px 16px 96px;
    }
    .toasts {
      inset-block-end: 80px;
    }
  }
  @media (forced-colors: active) {
    nav a[aria-current] {
      outline: 1px solid Highlight;
    }
  }
`;
