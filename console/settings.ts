// What a person has chosen for this browser: how the console looks, and its language.

export const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const THEME = 'co-talk-console-theme';
const LANGUAGE = 'co-talk-console-language';

const isDark = matchMedia('(prefers-color-scheme: dark)');
isDark.addEventListener('change', () => showTheme(readTheme()));

export function readTheme(): Theme {
  return THEMES.find((theme) => theme === localStorage.getItem(THEME)) ?? 'auto';
}

export function rememberTheme(theme: Theme): void {
  localStorage.setItem(THEME, theme);
}

export function showTheme(theme: Theme): void {
  document.documentElement.classList.toggle('dark', theme === 'dark' || (theme === 'auto' && isDark.matches));
}

export function storedLanguage(): string | null {
  return localStorage.getItem(LANGUAGE);
}

export function rememberLanguage(lang: string): void {
  localStorage.setItem(LANGUAGE, lang);
}
