import type { Localizer } from '../localize.ts';

/** What can be done with messages, in all languages: a file of its own, fetched only with the views that say it. */
const en = {
  notEditable: 'This message can’t be changed any more.',
  reply: 'Reply',
  replyTo: (name: string) => `Reply to ${name}`,
  cancelReply: 'Don’t reply',
  edit: 'Edit',
  editing: 'Edit message',
  cancelEdit: 'Don’t edit',
  forward: 'Forward',
  forwardTitle: 'Forward to',
  forwardPick: 'Choose up to 20 chats.',
  forwardTo: (count: string) => (count === '0' ? 'Forward' : `Forward (${count})`),
  forwarded: (count: string) => (count === '1' ? 'Forwarded to 1 chat.' : `Forwarded to ${count} chats.`),
  forwardFailed: (names: string) => `It could not be forwarded to ${names}. Try again without.`,
  noChats: 'There is no other chat yet.',
  details: 'Details',
  sentAt: 'Sent',
  editedAt: 'Edited',
  readBy: 'Read by',
  deliveredTo: 'Delivered to',
  nobodyYet: 'Nobody yet',
  delete: 'Delete',
  deleteTitle: 'Delete this message?',
  deleteOwn: 'It is deleted for everybody in this chat. This cannot be undone.',
  deleteTheirs: (name: string) => `What ${name} wrote is deleted for everybody in this chat. This cannot be undone.`,
  deleteAll: 'Delete for everybody',
  done: 'Done',
};

type MessageStrings = typeof en;

const ko: MessageStrings = {
  notEditable: '이 메시지는 더 이상 수정할 수 없어요.',
  reply: '답장',
  replyTo: (name) => `${name}님에게 답장`,
  cancelReply: '답장 취소',
  edit: '수정',
  editing: '메시지 수정',
  cancelEdit: '수정 취소',
  forward: '전달',
  forwardTitle: '전달할 채팅',
  forwardPick: '채팅을 20개까지 고를 수 있어요.',
  forwardTo: (count) => (count === '0' ? '전달' : `전달 (${count})`),
  forwarded: (count) => `채팅 ${count}개에 전달했습니다.`,
  forwardFailed: (names) => `${names}에 전달하지 못했어요. 빼고 다시 시도해 주세요.`,
  noChats: '다른 채팅이 아직 없어요.',
  details: '자세히',
  sentAt: '보낸 시각',
  editedAt: '수정한 시각',
  readBy: '읽은 사람',
  deliveredTo: '받은 사람',
  nobodyYet: '아직 없음',
  delete: '삭제',
  deleteTitle: '이 메시지를 삭제할까요?',
  deleteOwn: '이 채팅의 모두에게서 삭제되며 되돌릴 수 없어요.',
  deleteTheirs: (name) => `${name}님이 쓴 글이 이 채팅의 모두에게서 삭제되며 되돌릴 수 없어요.`,
  deleteAll: '모두에게서 삭제',
  done: '확인',
};

const languages: Partial<Record<string, MessageStrings>> = { en, ko };

export const messageStrings = ({ lang }: Localizer): MessageStrings => languages[lang] ?? en;
