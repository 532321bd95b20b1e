import type { ReactiveControllerHost } from 'lit';
import { englishLocalizer, loadLocalizer, type Localizer } from './localize.ts';

/** The language an element speaks: the one asked for, once its file is there. */
export class Language {
  readonly #host: ReactiveControllerHost;
  #tag = 'en';
  l: Localizer = englishLocalizer;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  speak(tag: string): void {
    if (tag === this.#tag) return;
    this.#tag = tag;
    loadLocalizer(tag).then(
      (l) => {
        if (tag !== this.#tag) return;
        this.l = l;
        this.#host.requestUpdate();
      },
      () => undefined,
    );
  }
}
