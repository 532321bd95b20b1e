/** Calls `run` when the network or the page comes back, where there is a page. Returns the way to stop. */
export function onWake(run: () => void): () => void {
  if (typeof window === 'undefined') return () => undefined;
  const visible = () => {
    if (document.visibilityState === 'visible') run();
  };
  // `pageshow`: going back to a page that was kept.
  const events = ['online', 'focus', 'pageshow'];
  for (const event of events) window.addEventListener(event, visible);
  document.addEventListener('visibilitychange', visible);
  return () => {
    for (const event of events) window.removeEventListener(event, visible);
    document.removeEventListener('visibilitychange', visible);
  };
}

/** Calls `run` when the network goes away, where there is a page or a worker. Returns the way to stop. */
export function onOffline(run: () => void): () => void {
  if (typeof addEventListener === 'undefined') return () => undefined;
  const offline = () => run();
  addEventListener('offline', offline);
  return () => removeEventListener('offline', offline);
}
