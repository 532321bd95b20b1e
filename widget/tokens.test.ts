import { expect, test } from 'vitest';
import { tokens } from './tokens.ts';

/** What own bubbles are drawn with where a page has set these properties. */
function ownBubble(page: Record<string, string>, scheme: 'light' | 'dark'): { background: string; color: string } {
  const host = document.body.appendChild(document.createElement('div'));
  for (const [name, value] of Object.entries(page)) host.style.setProperty(name, value);
  const shadow = host.attachShadow({ mode: 'open' });
  if (tokens.styleSheet) shadow.adoptedStyleSheets = [tokens.styleSheet];
  const root = shadow.appendChild(document.createElement('div'));
  root.className = `root ${scheme}`;
  const bubble = root.appendChild(document.createElement('p'));
  bubble.style.background = 'var(--ct-own)';
  bubble.style.color = 'var(--ct-on-own)';
  const { backgroundColor: background, color } = getComputedStyle(bubble);
  host.remove();
  return { background, color };
}

const PALE = { '--co-talk-accent': 'rgb(143, 199, 156)', '--co-talk-on-accent': 'rgb(16, 36, 26)' };

test.each(['light', 'dark'] as const)('text on own bubbles follows a page’s pale accent, %s', (scheme) => {
  expect(ownBubble(PALE, scheme)).toEqual({ background: 'rgb(143, 199, 156)', color: 'rgb(16, 36, 26)' });
});

test('own bubbles can have colours of their own', () => {
  const page = { ...PALE, '--co-talk-own': 'rgb(0, 0, 99)', '--co-talk-on-own': 'rgb(250, 250, 250)' };
  expect(ownBubble(page, 'dark')).toEqual({ background: 'rgb(0, 0, 99)', color: 'rgb(250, 250, 250)' });
});

test.each(['light', 'dark'] as const)('without a page’s word their text is white, %s', (scheme) => {
  expect(ownBubble({}, scheme).color).toBe('rgb(255, 255, 255)');
});
