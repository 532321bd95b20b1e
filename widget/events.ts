import type {
  Attachment,
  Client,
  CoTalkError,
  FileUrl,
  Me,
  Message,
  RoomPreview,
  SentMessage,
  UpdateRoomMe,
  User,
} from '@co-talk/sdk';

/** The events of `<co-talk>`. They bubble and cross shadow roots, so a page may listen anywhere above the element. */
export interface CoTalkEventMap {
  /** The element has its client and has rendered. */
  'co-talk-ready': CustomEvent<{ client: Client }>;
  'co-talk-open': CustomEvent<null>;
  'co-talk-close': CustomEvent<null>;
  /** The number of unread messages over all rooms that are not muted has changed. */
  'co-talk-unread': CustomEvent<{ count: number }>;
  /** A message of somebody else has arrived. */
  'co-talk-message': CustomEvent<{ message: Message }>;
  /** A message of this user is stored. */
  'co-talk-sent': CustomEvent<{ message: Message }>;
  /** Somebody signed in, changed their profile, or signed out (`null`). */
  'co-talk-user': CustomEvent<{ user: Me | null }>;
  /** Something failed that nobody was waiting for. */
  'co-talk-error': CustomEvent<{ error: CoTalkError }>;
  /** A link in a message is about to be opened in a new tab; `preventDefault()` to handle it in the page. */
  'co-talk-link': CustomEvent<{ href: string }>;
}

declare global {
  interface GlobalEventHandlersEventMap {
    'co-talk-ready': CoTalkEventMap['co-talk-ready'];
    'co-talk-open': CoTalkEventMap['co-talk-open'];
    'co-talk-close': CoTalkEventMap['co-talk-close'];
    'co-talk-unread': CoTalkEventMap['co-talk-unread'];
    'co-talk-message': CoTalkEventMap['co-talk-message'];
    'co-talk-sent': CoTalkEventMap['co-talk-sent'];
    'co-talk-user': CoTalkEventMap['co-talk-user'];
    'co-talk-error': CoTalkEventMap['co-talk-error'];
    'co-talk-link': CoTalkEventMap['co-talk-link'];
  }
}

/** Fire an event of the contract. `false` where the page called `preventDefault()` on a cancelable one. */
export function emit<K extends keyof CoTalkEventMap>(
  target: EventTarget,
  type: K,
  detail: CoTalkEventMap[K]['detail'],
  cancelable = false,
): boolean {
  return target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
}

/** What components say to the component above them; it ends at the element, pages never see it. */
export interface InnerEventMap {
  /** Show a room; with `seq`, the message there. */
  'room-open': { roomId: string; seq?: number };
  /** Show the direct room with a person. */
  'direct-open': { userId: string };
  'room-close': null;
  'panel-close': null;
  'tab-change': { tab: Tab; find?: boolean };
  'prefs-change': { theme?: Theme; lang?: string | null };
  /** A sentence for the person, shown for a moment. */
  notice: { text: string };
  'load-before': null;
  'load-after': null;
  /** Whether the newest message is in view. */
  'at-end': { atEnd: boolean };
  'jump-latest': null;
  retry: { clientId: string };
  discard: { clientId: string };
  'send-text': { text: string };
  /** Answer a message, or change it, in the composer. */
  compose: { kind: 'reply' | 'edit'; message: SentMessage };
  /** How many files the message will have. */
  'attach-change': { count: number };
  /** Where a file is, is to be told; `null`: there is none. */
  'file-need': { id: string; take: (url: FileUrl | null) => void };
  /** Show a picture large, one of several. */
  'file-open': { file: Attachment; files: Attachment[] };
  'file-save': { file: Attachment };
  'lightbox-close': null;
  'draft-change': { text: string };
  'typing-change': { typing: boolean };
  'term-change': { term: string };
  /** Search in the room on show, or show it again. */
  'search-open': { open: boolean };
  /** How many messages a search has found so far. */
  'hits-change': { count: number };
  /** Bring a message of this room into view. */
  jump: { seq: number };
  /** Show a page in the place of what is on show, or (`null`) that again. */
  'page-open': { page: Page | null };
  /** Mute, pin or hide a room for oneself. */
  'room-me': { roomId: string; change: UpdateRoomMe };
  'picked-change': { picked: ReadonlyMap<string, User> };
  pick: { id: string };
  act: { id: string; action: string };
  /** Tell those who moderate that a message is wrong. */
  report: { reason: string };
  'profile-save': { nickname: string; about: string | null };
  'profile-cancel': null;
  /** Sign in with an account, rather than as a guest, or the other way round. */
  'accounts-change': { accounts: boolean };
  'forgot-close': null;
  /** Back from a page that stood in the place of a view. */
  'page-close': null;
  /** Delete the account for good. */
  erase: { password?: string };
}

/** A page about a group, or one where chats begin. */
export type Page =
  | { kind: 'start' }
  | { kind: 'new-group'; type: 'group' | 'channel' }
  | { kind: 'channels' }
  | { kind: 'channel'; channel: RoomPreview }
  | { kind: 'invites'; roomId: string }
  | { kind: 'invite'; token: string }
  | { kind: 'details'; roomId: string }
  | { kind: 'add-people'; roomId: string };

export type Tab = 'rooms' | 'friends' | 'you';

export type Theme = 'auto' | 'light' | 'dark';

/** Say something to the component above. */
export function say<K extends keyof InnerEventMap>(target: EventTarget, type: K, detail: InnerEventMap[K]): void {
  target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}

export type InnerEvent<K extends keyof InnerEventMap> = CustomEvent<InnerEventMap[K]>;
