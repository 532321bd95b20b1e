import type { ReactiveController, ReactiveControllerHost } from 'lit';

type Host = ReactiveControllerHost & HTMLElement;

/** Files that are pasted into what the host stands in, or dropped on the view around it. */
export class DroppedFiles implements ReactiveController {
  readonly #host: Host;
  readonly #take: (files: File[]) => boolean;
  #stops: (() => void)[] = [];
  /** Files are held over the view. */
  over = false;

  /** @param take takes files, and says whether it does; none: whether it would */
  constructor(host: Host, take: (files: File[]) => boolean) {
    this.#host = host;
    this.#take = take;
    host.addController(this);
  }

  hostConnected(): void {
    const root = this.#host.getRootNode();
    const view = root instanceof ShadowRoot ? root.host : null;
    this.#hear(this.#host.parentElement, 'paste', this.#onPaste);
    for (const type of ['dragenter', 'dragover']) this.#hear(view, type, this.#onDrag);
    this.#hear(view, 'dragleave', this.#onLeave);
    this.#hear(view, 'drop', this.#onDrop);
  }

  hostDisconnected(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  #hear(on: EventTarget | null, type: string, heard: (event: Event) => void): void {
    on?.addEventListener(type, heard);
    this.#stops.push(() => on?.removeEventListener(type, heard));
  }

  #show(over: boolean): void {
    if (over === this.over) return;
    this.over = over;
    this.#host.requestUpdate();
  }

  readonly #onPaste = (event: Event): void => {
    const files = [...((event as ClipboardEvent).clipboardData?.files ?? [])];
    if (files.length > 0 && this.#take(files)) event.preventDefault();
  };

  readonly #onDrag = (event: Event): void => {
    if (!(event as DragEvent).dataTransfer?.types.includes('Files') || !this.#take([])) return;
    event.preventDefault();
    this.#show(true);
  };

  readonly #onLeave = (event: Event): void => {
    const { currentTarget, relatedTarget } = event as DragEvent;
    // From one part of the view to another is not out of it.
    if (relatedTarget instanceof Node && (currentTarget as Element).contains(relatedTarget)) return;
    this.#show(false);
  };

  readonly #onDrop = (event: Event): void => {
    this.#show(false);
    const files = [...((event as DragEvent).dataTransfer?.files ?? [])];
    if (files.length > 0 && this.#take(files)) event.preventDefault();
  };
}
