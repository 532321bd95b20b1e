import { css } from 'lit';

/** Cards and what stands in them. */
export const cards = css`
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
  }
  .card {
    background: var(--surface);
    border: 1px solid var(--border);
    border-radius: 16px;
    box-shadow: var(--shadow-card);
    overflow: hidden;
  }
  .card > header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    padding: 16px 20px;
  }
  .card > header > div:first-child {
    flex: 1 1 220px;
  }
  .card h2 {
    font-size: 15px;
    line-height: 22px;
    font-weight: 640;
    letter-spacing: -0.005em;
  }
  .lead,
  .hint {
    color: var(--text-2);
  }
  .lead {
    max-inline-size: 84ch;
    margin-block-start: 2px;
    font-size: 13px;
  }
  .body {
    padding: 4px 20px 20px;
  }
  .rows > li {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 56px;
    padding: 10px 20px;
    border-block-start: 1px solid var(--border);
  }
  .rows .main {
    flex: 1;
    min-inline-size: 0;
  }
  .rows .name {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .rows .sub {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    color: var(--text-2);
    font-size: 13px;
    line-height: 18px;
    overflow-wrap: anywhere;
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .end {
    display: flex;
    justify-content: center;
    padding: 12px;
    border-block-start: 1px solid var(--border);
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: 4px;
    padding: 40px 24px 44px;
    border-block-start: 1px solid var(--border);
    text-align: center;
    color: var(--text-2);
    text-wrap: balance;
  }
  .empty > svg {
    inline-size: 26px;
    block-size: 26px;
    padding: 13px;
    box-sizing: content-box;
    border-radius: 50%;
    background: var(--accent-soft);
    color: var(--accent-text);
    margin-block-end: 10px;
  }
  .empty h3 {
    font-size: 15px;
    line-height: 22px;
    font-weight: 640;
    color: var(--text);
  }
  .empty p {
    max-inline-size: 52ch;
  }
  .empty .btn {
    margin-block-start: 14px;
  }
  .failure {
    padding: 12px 16px;
    border-radius: 12px;
    background: var(--danger-soft);
    color: var(--danger);
    font-weight: 520;
  }
  .failure .btn {
    margin-block-start: 8px;
  }
  .notice {
    display: flex;
    gap: 10px;
    padding: 12px 16px;
    border-radius: 12px;
    background: var(--warn-soft);
    color: var(--warn);
  }
  .notice a {
    color: inherit;
    text-decoration: underline;
  }
  .bone {
    inline-size: 62%;
    block-size: 14px;
    margin: 14px 20px;
    border-radius: 7px;
    background: var(--surface-2);
  }
  .bone.short {
    inline-size: 34%;
  }
  .bone.half {
    inline-size: 48%;
  }
  .avatar {
    display: grid;
    place-items: center;
    inline-size: 36px;
    block-size: 36px;
    flex: none;
    border-radius: 50%;
    background: var(--accent-soft);
    color: var(--accent-text);
    font-weight: 650;
    font-size: 13px;
  }
  @media (max-width: 599px) {
    .card > header,
    .rows > li {
      padding-inline: 16px;
    }
    .body {
      padding-inline: 16px;
    }
    .rows > li.wraps {
      flex-wrap: wrap;
    }
    .rows > li.wraps .acts {
      inline-size: 100%;
      padding-block-end: 4px;
    }
  }
`;

/** Rows that lead to a page of their own. */
export const rowLinks = css`
  .rows li {
    position: relative;
  }
  .rows li > svg {
    color: var(--text-3);
  }
  .rows li > a {
    position: absolute;
    inset: 0;
    border-radius: 0;
  }
  @media (hover: hover) {
    .rows li:hover {
      background: var(--surface-2);
    }
  }
`;
