import type { Id } from '@co-talk/sdk';

/** What is typed and not sent, per person and room; kept over reloads, wiped when the person signs out. */
export class Drafts {
  readonly #prefix: string;
  readonly #held = new Map<string, string>();

  constructor(server: string, app: string) {
    this.#prefix = `co-talk:${server}:${app}:draft:`;
  }

  get(userId: Id, roomId: Id): string {
    const key = this.#key(userId, roomId);
    return this.#held.get(key) ?? this.#storage()?.getItem(key) ?? '';
  }

  set(userId: Id, roomId: Id, text: string): void {
    const key = this.#key(userId, roomId);
    this.#held.set(key, text);
    try {
      if (text) this.#storage()?.setItem(key, text);
      else this.#storage()?.removeItem(key);
    } catch {
      // A full storage: the draft lives as long as the page.
    }
  }

  /** Forget every draft of this app in this browser, but for those of one person. */
  clear(butFor?: Id): void {
    const storage = this.#storage();
    const stored = Array.from({ length: storage?.length ?? 0 }, (_, i) => storage?.key(i) ?? '');
    for (const key of [...this.#held.keys(), ...stored]) {
      if (!key.startsWith(this.#prefix) || (butFor && key.startsWith(`${this.#prefix}${butFor}:`))) continue;
      this.#held.delete(key);
      storage?.removeItem(key);
    }
  }

  #key(userId: Id, roomId: Id): string {
    return `${this.#prefix}${userId}:${roomId}`;
  }

  #storage(): Storage | null {
    try {
      return globalThis.localStorage;
    } catch {
      return null;
    }
  }
}
