import type { Localizer } from '../localize.ts';

/** What has to do with reporting messages, in all languages: a file of its own, fetched only with the views that say it. */
const en = {
  actions: 'Message actions',
  copy: 'Copy',
  copied: 'Copied.',
  report: 'Report',
  title: 'Report this message',
  hint: (name: string) => `The people who run this chat will look at it. ${name} isn’t told.`,
  reasons: {
    spam: 'Spam or advertising',
    harassment: 'Bullying or harassment',
    harm: 'Hate, violence or sexual content',
  },
  other: 'Something else',
  why: 'What is wrong with it?',
  add: 'Anything to add? (optional)',
  choose: 'Choose what is wrong with it.',
  tell: 'Say in a few words what is wrong.',
  send: 'Send report',
  gone: 'This message has been deleted already.',
  thanks: 'Thank you',
  thanksText: 'Your report is with the people who run this chat.',
  done: 'Done',
};

type ReportStrings = typeof en;

const ko: ReportStrings = {
  actions: '메시지 메뉴',
  copy: '복사',
  copied: '복사했습니다.',
  report: '신고',
  title: '메시지 신고',
  hint: (name) => `채팅을 운영하는 사람이 확인해요. ${name}님에게는 알리지 않아요.`,
  reasons: {
    spam: '스팸 또는 광고',
    harassment: '욕설 또는 괴롭힘',
    harm: '혐오, 폭력 또는 음란한 내용',
  },
  other: '기타',
  why: '어떤 점이 문제인가요?',
  add: '더 알려 줄 내용이 있나요? (선택)',
  choose: '어떤 점이 문제인지 골라 주세요.',
  tell: '어떤 점이 문제인지 간단히 적어 주세요.',
  send: '신고하기',
  gone: '이미 삭제된 메시지예요.',
  thanks: '고맙습니다',
  thanksText: '신고를 채팅을 운영하는 사람에게 전달했어요.',
  done: '확인',
};

const languages: Partial<Record<string, ReportStrings>> = { en, ko };

export const reportStrings = ({ lang }: Localizer): ReportStrings => languages[lang] ?? en;
