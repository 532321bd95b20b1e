export { createClient } from './client.ts';
export type { Client, ClientOptions } from './client.ts';
export type { ClientEvents } from './events.ts';
export type { ConnectionStatus } from './realtime.ts';
export type { Auth, AuthState, TokenProvider } from './auth.ts';
export type { Users } from './users.ts';
export type { Files, UploadOptions } from './files.ts';
export type { Friends, FriendsState } from './friends.ts';
export type { MemberList, MembersState } from './members.ts';
export type { Rooms, RoomsState } from './rooms.ts';
export type { Search } from './search.ts';
export { lifeOf } from './life.ts';
export type { MessageLife } from './life.ts';
export type {
  LocalMessage,
  Messages,
  RoomMessages,
  RoomMessagesState,
  SendOptions,
  SentMessage,
  UnsentMessage,
} from './messages.ts';
export type { PresenceApi } from './presence.ts';
export type { Store } from './store.ts';
export { CoTalkError } from './errors.ts';
export type { LocalErrorCode } from './errors.ts';
export { localStorageStorage, memoryStorage } from './session-storage.ts';
export type { SessionStorage, StorageChoice } from './session-storage.ts';
export { LIMITS, PROTOCOL, UNREAD_MAX, countGraphemes } from './protocol/index.ts';
export type * from './protocol/index.ts';
