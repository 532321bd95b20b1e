import { html, nothing, type ReactiveControllerHost } from 'lit';
import type { Client, FriendsState, Id, User } from '@co-talk/sdk';
import type { InnerEvent } from './events.ts';
import { attempt } from './explain.ts';
import { isolate, type Localizer } from './localize.ts';
import { StoreController } from './store-controller.ts';

/** Whom somebody has blocked, the question before it is done, and the way back. */
export class Blocking {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #friends: StoreController<FriendsState>;
  #client: Client | undefined;
  #asking = false;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    this.#friends = new StoreController<FriendsState>(host);
  }

  watch(client: Client): void {
    this.#client = client;
    this.#friends.watch(client.friends.store);
  }

  has(userId: Id): boolean {
    return this.#friends.value?.blocks.some(({ user }) => user.id === userId) ?? false;
  }

  /** Whether the question is on the screen. */
  set asking(asking: boolean) {
    this.#asking = asking;
    this.#host.requestUpdate();
  }

  question(peer: User | undefined, l: Localizer) {
    if (!this.#asking || !peer) return nothing;
    return html`<co-talk-confirm
      .l=${l}
      .text=${l.s.blockAsk(isolate(peer.nickname))}
      .action=${l.s.block}
      @act=${(event: InnerEvent<'act'>) => {
        this.asking = false;
        if (event.detail.action === 'yes') this.#do(l, (client) => client.friends.block(peer.id));
      }}
    ></co-talk-confirm>`;
  }

  /** Stands where writing would be. */
  bar(userId: Id, name: string, l: Localizer) {
    return html`<div class="closed">
      <p>${l.s.youBlocked(isolate(name))}</p>
      <button class="btn ghost" @click=${() => this.#do(l, (client) => client.friends.unblock(userId))}>
        ${l.s.unblock}
      </button>
    </div>`;
  }

  #do(l: Localizer, act: (client: Client) => Promise<unknown>): void {
    const client = this.#client;
    if (client) void attempt(this.#host, l, () => act(client));
  }
}
