import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { AuthState, CoTalkError, Id } from '@co-talk/sdk';
import './components/room-view.ts';
import './components/rooms-view.ts';
import './components/tab-bar.ts';
import { skeletonRows } from './components/room-list.ts';
import { say } from './events.ts';
import { attempt, explain, isSetup } from './explain.ts';
import { icons } from './icons.ts';
import type { Localizer } from './localize.ts';
import type { Navigation } from './navigation.ts';
import type { Prefs, Shared } from './shared.ts';

const LIST_PARTS =
  'header, list, room-row, person-row, avatar, presence, empty, search, menu, profile, device, sign, submit, message-hit';
const ROOM_PARTS =
  'header, messages, message, own-message, other-message, bubble, own-bubble, other-bubble, avatar, presence, day, ' +
  'divider, meta, state, link, jump, composer, composer-bar, input, send, attach, tray, menu, empty';

/** Views that come in a file of their own, when they are first needed. */
const views = {
  sign: () => import('./components/sign-view.ts'),
  guest: () => import('./components/guest-view.ts'),
  friends: () => import('./components/friends-view.ts'),
  you: () => import('./components/you-view.ts'),
  groups: () => import('./components/group-page.ts'),
  'search-page': () => import('./components/search-page-view.ts'),
};

/** Everything the panel is drawn from. */
export interface PanelState {
  shared: Shared | null;
  status: AuthState['status'] | undefined;
  /** Who is signed in. */
  userId: Id | undefined;
  /** What has gone wrong last. */
  error: CoTalkError | null;
  /** Visitors may chat without an account. */
  guest: boolean;
  /** The page says who is here. */
  site: boolean;
  nav: Navigation;
  l: Localizer;
  now: Date;
  prefs: Prefs;
  inline: boolean;
  /** One room of the page's choice, and nothing else. */
  alone: boolean;
  wide: boolean;
  unread: number;
  requests: number;
  /** The page has a word for the empty list. */
  hasEmpty: boolean;
  loadFailed: () => void;
}

/** What stands in the panel. */
export function panelContent(state: PanelState): TemplateResult {
  const { shared, status, l, inline, nav } = state;
  if (!shared)
    return html`<div class="stage" role="alert">
      ${icons.chat}
      <p>${l.s.setupMissing}</p>
    </div>`;
  if (status === 'signed-out') {
    const guest = state.guest && !nav.accounts;
    load(guest ? 'guest' : 'sign', state);
    return guest
      ? html`<co-talk-guest-view
          class="view"
          exportparts=${LIST_PARTS}
          .client=${shared.client}
          .l=${l}
          .closable=${!inline}
        ></co-talk-guest-view>`
      : html`<co-talk-sign-view
          class="view"
          exportparts=${LIST_PARTS}
          .client=${shared.client}
          .l=${l}
          .closable=${!inline}
          .guest=${state.guest}
          .site=${state.site}
        ></co-talk-sign-view>`;
  }
  if (status === 'failed') return failed(shared, state);
  if (status !== 'signed-in') {
    return html`<div class="view">
      <p class="sr" role="status">${l.s.loading}</p>
      ${skeletonRows()}
    </div>`;
  }
  // Nothing of one person stays for the next, not even what they have typed into a search.
  return html`${keyed(state.userId, signedIn(shared, state))}`;
}

/** The site could not say who is here. */
function failed({ client }: Shared, { l, error, inline }: PanelState) {
  return html`<div class="stage" role="alert">
    ${
      inline
        ? nothing
        : html`<button
            class="icon"
            aria-label=${l.s.close}
            @click=${(event: Event) => say(event.target as HTMLElement, 'panel-close', null)}
          >
            ${icons.close}
          </button>`
    }
    ${icons.chat}
    <p>${explain(error, l)}</p>
    ${isSetup(error) ? html`<p dir="ltr" lang="en">${error.message}</p>` : nothing}
    <button
      class="btn"
      @click=${(event: Event) => void attempt(event.target as HTMLElement, l, () => client.auth.identify())}
    >
      ${l.s.tryAgain}
    </button>
  </div>`;
}

function signedIn(shared: Shared, state: PanelState): TemplateResult {
  const { l, inline, wide, nav } = state;
  if (state.alone) return room(shared, state, false, false);
  if (!inline || !wide)
    return nav.roomId || nav.page ? room(shared, state, true, !inline) : tabs(shared, state, !inline);
  return html`<div class="pane wide">
    <div class="pane side">${tabs(shared, state, false)}</div>
    <div class="pane">
      ${
        nav.roomId || nav.page
          ? room(shared, state, false, false)
          : html`<div class="stage">
              ${icons.chat}
              <p>${l.s.pickChat}</p>
            </div>`
      }
    </div>
  </div>`;
}

function room({ client, drafts }: Shared, state: PanelState, returnable: boolean, closable: boolean) {
  const { nav, l, now } = state;
  if (nav.searching && nav.roomId) {
    load('search-page', state);
    return html`<co-talk-search-page-view
      class="view"
      exportparts=${LIST_PARTS}
      .client=${client}
      .l=${l}
      .roomId=${nav.roomId}
      .memories=${nav.searches}
      .closable=${closable}
      .now=${now}
    ></co-talk-search-page-view>`;
  }
  if (nav.page) {
    load('groups', state);
    return html`<co-talk-group-page
      class="view"
      exportparts=${LIST_PARTS}
      .client=${client}
      .l=${l}
      .page=${nav.page}
      .closable=${closable}
      .now=${now}
    ></co-talk-group-page>`;
  }
  if (nav.failure) {
    return html`<div class="stage" role="alert">
      <p>${explain(nav.failure, l)}</p>
      <button class="btn" @click=${() => void nav.fulfil()}>${l.s.tryAgain}</button>
    </div>`;
  }
  if (!nav.roomId) return html`<div class="stage" role="status">${l.s.loading}</div>`;
  return html`<co-talk-room-view
    class="view"
    exportparts=${ROOM_PARTS}
    .client=${client}
    .drafts=${drafts}
    .l=${l}
    .roomId=${nav.roomId}
    .at=${nav.at}
    .returnable=${returnable}
    .closable=${closable}
    .now=${now}
    ><slot name="composer-top" slot="composer-top"></slot
  ></co-talk-room-view>`;
}

function tabs(shared: Shared, state: PanelState, closable: boolean) {
  const { nav, l } = state;
  if (nav.tab !== 'rooms') load(nav.tab, state);
  return html`${tab(shared, state, closable)}
    <co-talk-tab-bar
      exportparts="tabs, tab"
      .l=${l}
      .tab=${nav.tab}
      .unread=${state.unread}
      .requests=${state.requests}
    ></co-talk-tab-bar>`;
}

function tab({ client }: Shared, state: PanelState, closable: boolean) {
  const { nav, l, now } = state;
  switch (nav.tab) {
    case 'friends':
      return html`<co-talk-friends-view
        class="view"
        exportparts=${LIST_PARTS}
        .client=${client}
        .l=${l}
        .closable=${closable}
        .finding=${nav.finding}
        .now=${now}
      ></co-talk-friends-view>`;
    case 'you':
      return html`<co-talk-you-view
        class="view"
        exportparts=${LIST_PARTS}
        .client=${client}
        .l=${l}
        .prefs=${state.prefs}
        .closable=${closable}
        .now=${now}
      ></co-talk-you-view>`;
    case 'rooms':
      // An empty slot handed on would hide what the view shows by itself.
      return html`<co-talk-rooms-view
        class="view"
        exportparts=${LIST_PARTS}
        .client=${client}
        .l=${l}
        .selected=${state.wide ? nav.roomId : null}
        .searches=${nav.searches}
        .closable=${closable}
        .now=${now}
        >${state.hasEmpty ? html`<slot name="empty" slot="empty"></slot>` : nothing}</co-talk-rooms-view
      >`;
  }
}

/** Elements render empty until their file is there, and fill in by themselves when it is. */
function load(view: keyof typeof views, { loadFailed }: PanelState): void {
  if (!customElements.get(view === 'groups' ? 'co-talk-group-page' : `co-talk-${view}-view`))
    views[view]().catch(loadFailed);
}
