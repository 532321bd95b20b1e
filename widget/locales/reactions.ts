import type { Localizer } from '../localize.ts';

/** What has to do with reactions, in all languages: a file of its own, fetched only with the views that say it. */
const en = {
  react: (emoji: string) => `React with ${emoji}`,
  more: 'More emojis',
  pick: 'Pick an emoji',
  find: 'Search emojis',
  none: 'No emoji is called that.',
  close: 'Close',
  recent: 'Used last',
  groups: [
    'Smileys and feelings',
    'People',
    'Animals and nature',
    'Food and drink',
    'Travel and places',
    'Activities',
    'Objects',
    'Symbols',
    'Flags',
  ],
  you: 'You',
  others: (count: number) => (count === 1 ? '1 other' : `${String(count)} others`),
  reacted: (emoji: string, count: number, names: string) => `${emoji} ${String(count)}: ${names}`,
};

export type ReactionStrings = typeof en;

const ko: ReactionStrings = {
  react: (emoji) => `${emoji} 반응 남기기`,
  more: '이모지 더 보기',
  pick: '이모지 선택',
  find: '이모지 검색',
  none: '그런 이름의 이모지가 없어요.',
  close: '닫기',
  recent: '최근 사용',
  groups: ['표정과 감정', '사람', '동물과 자연', '음식', '여행과 장소', '활동', '사물', '기호', '깃발'],
  you: '나',
  others: (count) => `다른 ${String(count)}명`,
  reacted: (emoji, count, names) => `${emoji} ${String(count)}: ${names}`,
};

const languages: Partial<Record<string, ReactionStrings>> = { en, ko };

export const reactionStrings = ({ lang }: Localizer): ReactionStrings => languages[lang] ?? en;
