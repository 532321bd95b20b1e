import { css } from 'lit';

/** Of the whole page: colours of both schemes, type, and what is outside of every component. */
export const page = css`
  :root {
    --accent: #3d5afe;
    --on-accent: #fff;
    --accent-text: #2f49e0;
    --accent-soft: #eef1ff;
    --page: #f6f7f9;
    --surface: #fff;
    --surface-2: #f4f5f8;
    --surface-3: #e2e5eb;
    --border: #e6e8ee;
    --field-border: #d0d5df;
    --text: #151820;
    --text-2: #565d6c;
    --text-3: #626978;
    --good: #15803d;
    --good-soft: #e8f7ee;
    --warn: #92500c;
    --warn-soft: #fdf3e1;
    --danger: #c62419;
    --danger-soft: #fdeceb;
    --on-danger: #fff;
    --shadow: 0 24px 64px -12px rgb(16 24 40 / 0.28), 0 4px 12px rgb(16 24 40 / 0.08);
    --shadow-card: 0 1px 2px rgb(16 24 40 / 0.04);
    --mono: ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'Liberation Mono', monospace;
    color-scheme: light;
  }
  :root.dark {
    --accent: #7c8cff;
    --on-accent: #0d1020;
    --accent-text: #9aa6ff;
    --accent-soft: #20243d;
    --page: #0f1115;
    --surface: #15171c;
    --surface-2: #1e2128;
    --surface-3: #2e333e;
    --border: #262a33;
    --field-border: #3a404d;
    --text: #f1f3f8;
    --text-2: #a7aebc;
    --text-3: #969dac;
    --good: #4ade80;
    --good-soft: #14281c;
    --warn: #f0b45b;
    --warn-soft: #2c2314;
    --danger: #ff7a70;
    --danger-soft: #331a19;
    --on-danger: #1c0605;
    --shadow: 0 24px 64px -12px rgb(0 0 0 / 0.7), 0 0 0 1px #2e333e;
    --shadow-card: none;
    color-scheme: dark;
  }
  html {
    background: var(--page);
    color: var(--text);
    font-family:
      system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Noto Sans',
      'Noto Sans CJK KR',
      'Apple SD Gothic Neo',
      'Malgun Gothic',
      sans-serif;
    font-size: 14px;
    line-height: 20px;
    -webkit-text-size-adjust: 100%;
    -webkit-font-smoothing: antialiased;
    overflow-y: scroll;
  }
  body {
    margin: 0;
  }
`;
