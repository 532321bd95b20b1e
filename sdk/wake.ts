/** Calls `run` when the network or the page comes back, where there is a page. Returns the way to stop. */
export function onWake(run: () => void): () => void {
  if (typeof window === 'undefined') return () => undefined;
  const visible = () => {
    if (document.visibilityState === 'visible') run();
  };
  window.addEventListener('online', run);
  document.addEventListener('visibilitychange', visible);
  return () => {
    window.removeEventListener('online', run);
    document.removeEventListener('visibilitychange', visible);
  };
}
