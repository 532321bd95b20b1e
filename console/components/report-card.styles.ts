import { css } from 'lit';

export const reportCardStyles = css`
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    padding: 16px 20px 12px;
  }
  .top .who {
    flex: 1 1 140px;
    min-inline-size: 0;
  }
  h3 {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    font-size: 15px;
    line-height: 22px;
    font-weight: 640;
    overflow-wrap: anywhere;
  }
  .top p {
    color: var(--text-2);
    font-size: 13px;
    line-height: 18px;
  }
  blockquote {
    margin: 0 20px;
    padding: 12px 16px;
    border-radius: 12px;
    background: var(--surface-2);
  }
  .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .text.gone {
    color: var(--text-2);
    font-style: italic;
  }
  .why {
    display: grid;
    gap: 6px;
    margin: 14px 20px 0;
  }
  .why li {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 8px;
    overflow-wrap: anywhere;
  }
  .why .by {
    font-size: 13px;
    color: var(--text-2);
  }
  .foot {
    padding: 16px 20px 18px;
  }
  .foot .away {
    margin-inline-start: auto;
    padding-inline: 4px;
    font-weight: 580;
  }
  .context {
    display: grid;
    gap: 8px;
    margin: 0 20px 18px;
    padding: 12px 16px;
    border: 1px solid var(--border);
    border-radius: 12px;
  }
  .context li {
    display: grid;
    gap: 0 8px;
  }
  .context .name {
    font-size: 13px;
    line-height: 18px;
    font-weight: 600;
  }
  .context time {
    font-weight: 400;
    color: var(--text-2);
  }
  .context .this {
    margin-inline: -10px;
    padding: 6px 10px;
    border-radius: 8px;
    background: var(--danger-soft);
  }
  @media (max-width: 599px) {
    .top,
    .foot {
      padding-inline: 16px;
    }
    blockquote,
    .why,
    .context {
      margin-inline: 16px;
    }
    .foot .away {
      margin-inline-start: 0;
    }
  }
`;
