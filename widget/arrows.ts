/** Moves the focus with the arrow keys between a view's search field and what its list has: rows, and what can be done with them. */
export function arrows(event: KeyboardEvent, view: Element): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing)
    return;
  const stops = stopsIn(view.shadowRoot, false);
  const at = stops.findIndex((stop) => stop === event.composedPath()[0]);
  const next = at < 0 ? undefined : stops[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** In the order in which they stand, through open shadow roots. */
function stopsIn(root: ShadowRoot | null, listed: boolean): HTMLElement[] {
  return [...(root?.querySelectorAll<HTMLElement>('*') ?? [])].flatMap((element) => {
    const within = listed || element.closest('.list') !== null;
    if (element.matches(within ? 'button' : 'input[type=search]')) return [element];
    return stopsIn(element.shadowRoot, within);
  });
}
