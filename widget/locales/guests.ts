import type { Localizer } from '../localize.ts';

/** What has to do with guests, in all languages: a file of its own, fetched only with the views that say it. */
const en = {
  title: 'Join the conversation',
  text: 'Chat right away. No account needed.',
  name: 'Your name',
  nameHint: 'Leave it empty and we’ll make one up.',
  start: 'Start chatting',
  haveAccount: 'Have an account?',
  saveTitle: 'Save your account',
  saveText: 'You are here as a guest. With an e-mail address and a password you keep your name and your chats.',
  save: 'Save account',
  signOutAsk: 'Sign out? Nobody can come back as this guest. Save your account first to keep your chats.',
};

type GuestStrings = typeof en;

const ko: GuestStrings = {
  title: '대화에 참여하세요',
  text: '계정 없이 바로 대화할 수 있어요.',
  name: '이름',
  nameHint: '비워 두면 이름을 지어 드려요.',
  start: '대화 시작하기',
  haveAccount: '계정이 있나요?',
  saveTitle: '계정 저장하기',
  saveText: '지금은 손님으로 이용 중이에요. 이메일과 비밀번호를 정하면 이름과 대화가 그대로 남습니다.',
  save: '계정 저장',
  signOutAsk: '로그아웃할까요? 이 손님으로는 다시 들어올 수 없어요. 대화를 남기려면 먼저 계정을 저장하세요.',
};

const languages: Partial<Record<string, GuestStrings>> = { en, ko };

export const guestStrings = ({ lang }: Localizer): GuestStrings => languages[lang] ?? en;
