import type { Localizer } from '../localize.ts';

/** What has to do with searching messages, in all languages: a file of its own, fetched only with the views that say it. */
const en = {
  messages: 'Messages',
  search: 'Search in this chat',
  found: (count: number, more: boolean) =>
    `${more ? 'More than ' : ''}${count === 0 ? 'No' : String(count)} ${count === 1 && !more ? 'message' : 'messages'} found`,
  none: (term: string) => `No messages with “${term}”`,
  noneText: 'Every word must be in the message. Try fewer words, or a part of one.',
  hint: 'Find what was said here, by words or parts of words.',
  short: 'Type two letters or more.',
  failed: 'The search didn’t work.',
  you: 'You',
};

type SearchStrings = typeof en;

const ko: SearchStrings = {
  messages: '메시지',
  search: '이 채팅에서 검색',
  found: (count, more) =>
    count === 0 ? '찾은 메시지가 없어요' : `메시지 ${String(count)}개${more ? ' 이상' : ''}를 찾았어요`,
  none: (term) => `‘${term}’이(가) 들어간 메시지가 없어요`,
  noneText: '모든 단어가 들어 있어야 해요. 단어를 줄이거나 일부만 입력해 보세요.',
  hint: '여기서 나눈 이야기를 단어나 단어의 일부로 찾아보세요.',
  short: '두 글자 이상 입력해 주세요.',
  failed: '검색하지 못했어요.',
  you: '나',
};

const languages: Partial<Record<string, SearchStrings>> = { en, ko };

export const searchStrings = ({ lang }: Localizer): SearchStrings => languages[lang] ?? en;
