/** Fetches what shows the people and messages that a search finds. Until it is there, its elements are empty. */
export function loadSearch(): void {
  if (customElements.get('co-talk-search-view')) return;
  // Offline: the next keystroke asks again.
  Promise.all([import('./components/people-view.ts'), import('./components/search-view.ts')]).catch(() => undefined);
}
