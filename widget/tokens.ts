import { css } from 'lit';

/**
 * The theming contract: pages set `--co-talk-*` on `co-talk` or above it; everything inside reads the private `--ct-*`,
 * so that a page's value wins over both colour schemes wherever it is set.
 */
export const tokens = css`
  .root {
    --ct-accent: var(--co-talk-accent, #3d5afe);
    --ct-on-accent: var(--co-talk-on-accent, #fff);
    --ct-surface: var(--co-talk-surface, #fff);
    --ct-surface-2: var(--co-talk-surface-2, #f4f5f8);
    --ct-surface-3: var(--co-talk-surface-3, #e2e5eb);
    --ct-border: var(--co-talk-border, #e8eaef);
    --ct-field-border: var(--co-talk-field-border, #d5d9e2);
    --ct-text: var(--co-talk-text, #151820);
    --ct-text-2: var(--co-talk-text-2, #5a6170);
    --ct-text-3: var(--co-talk-text-3, #666d7b);
    --ct-online: var(--co-talk-online, #16a34a);
    --ct-danger: var(--co-talk-danger, #d0281c);
    --ct-bubble: var(--co-talk-bubble, var(--ct-surface-2));
    --ct-on-bubble: var(--co-talk-on-bubble, var(--ct-text));
    --ct-own: var(--co-talk-own, var(--ct-accent));
    --ct-on-own: var(--co-talk-on-own, var(--co-talk-on-accent, #fff));
    --ct-shadow: var(--co-talk-shadow, 0 24px 64px -12px rgb(16 24 40 / 0.22), 0 4px 12px rgb(16 24 40 / 0.08));
    --ct-accent-soft: var(--co-talk-accent-soft, color-mix(in srgb, var(--ct-accent) 9%, var(--ct-surface)));
    --ct-radius: var(--co-talk-radius, 18px);
    --ct-bubble-radius: var(--co-talk-bubble-radius, 18px);
    --ct-space: var(--co-talk-spacing, 4px);
    color-scheme: light;
  }
  .root.dark {
    --ct-accent: var(--co-talk-accent, #7c8cff);
    --ct-on-accent: var(--co-talk-on-accent, #0d1020);
    --ct-surface: var(--co-talk-surface, #15171c);
    --ct-surface-2: var(--co-talk-surface-2, #1e2128);
    --ct-surface-3: var(--co-talk-surface-3, #2e333e);
    --ct-border: var(--co-talk-border, #272b34);
    --ct-field-border: var(--co-talk-field-border, #3a404d);
    --ct-text: var(--co-talk-text, #f1f3f8);
    --ct-text-2: var(--co-talk-text-2, #a7aebc);
    --ct-text-3: var(--co-talk-text-3, #8b93a3);
    --ct-online: var(--co-talk-online, #3ddc84);
    --ct-danger: var(--co-talk-danger, #ff7a70);
    --ct-own: var(--co-talk-own, var(--co-talk-accent, #4a5ce8));
    --ct-shadow: var(--co-talk-shadow, 0 24px 64px -12px rgb(0 0 0 / 0.6), 0 0 0 1px #272b34);
    --ct-accent-soft: var(--co-talk-accent-soft, color-mix(in srgb, var(--ct-accent) 18%, var(--ct-surface)));
    color-scheme: dark;
  }
`;
