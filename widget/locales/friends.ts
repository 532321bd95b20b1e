import type { Localizer } from '../localize.ts';

/** What has to do with friends and requests, in all languages: a file of its own, fetched only with the views that say it. */
const en = {
  sentRequests: 'Sent requests',
  wantsToBeFriends: 'wants to be friends',
  requestSent: 'Request sent',
  accept: 'Accept',
  acceptName: (name: string) => `Accept ${name}`,
  rejectName: (name: string) => `Decline ${name}`,
  cancelRequest: (name: string) => `Cancel the request to ${name}`,
  onlineCount: (count: string) => `Online · ${count}`,
  offlineCount: (count: string) => `Offline · ${count}`,
  blockedCount: (count: string) => `Blocked · ${count}`,
  addName: (name: string) => `Add ${name} as a friend`,
  friend: 'Friend',
  messageName: (name: string) => `Message ${name}`,
  removeFriend: 'Remove friend',
  removeFriendAsk: (name: string) => `Remove ${name} from your friends? Your chat stays.`,
  unblockName: (name: string) => `Unblock ${name}`,
  noFriendsTitle: 'Find your people',
  noFriendsText: 'Search by nickname or e-mail above and send a request.',
};

type FriendStrings = typeof en;

const ko: FriendStrings = {
  sentRequests: '보낸 요청',
  wantsToBeFriends: '친구가 되고 싶어 해요',
  requestSent: '요청 보냄',
  accept: '수락',
  acceptName: (name) => `${name}님 수락`,
  rejectName: (name) => `${name}님 거절`,
  cancelRequest: (name) => `${name}님에게 보낸 요청 취소`,
  onlineCount: (count) => `온라인 · ${count}`,
  offlineCount: (count) => `오프라인 · ${count}`,
  blockedCount: (count) => `차단 · ${count}`,
  addName: (name) => `${name}님을 친구로 추가`,
  friend: '친구',
  messageName: (name) => `${name}님에게 메시지 보내기`,
  removeFriend: '친구 삭제',
  removeFriendAsk: (name) => `${name}님을 친구에서 삭제할까요? 채팅은 그대로 남습니다.`,
  unblockName: (name) => `${name}님 차단 해제`,
  noFriendsTitle: '친구를 찾아보세요',
  noFriendsText: '위에서 닉네임이나 이메일로 검색하고 요청을 보내세요.',
};

const languages: Partial<Record<string, FriendStrings>> = { en, ko };

export const friendStrings = ({ lang }: Localizer): FriendStrings => languages[lang] ?? en;
