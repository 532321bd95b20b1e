/** Fetches what shows the messages that a search finds. Until it is there, its element is empty. */
export function loadSearch(): void {
  // Offline: the next keystroke asks again.
  if (!customElements.get('co-talk-search-view')) import('./components/search-view.ts').catch(() => undefined);
}
