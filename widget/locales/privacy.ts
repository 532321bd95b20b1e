import type { Localizer } from '../localize.ts';

/** What has to do with one's own data, in all languages: a file of its own, fetched only with the views that say it. */
const en = {
  title: 'Privacy and data',
  findable: 'People can find me by my e-mail address',
  findableHint: 'They never see the address itself.',
  data: 'Your data',
  dataText: 'Your profile, settings, friends, chats and everything you have written, in one file.',
  download: 'Download my data',
  downloaded: 'Your data is in your downloads.',
  erasing: 'Deleting your account',
  eraseText: 'You leave all chats, and nobody finds you here any more.',
  erase: 'Delete my account',
  eraseAsk: 'Delete your account for good?',
  eraseProfile: 'Your profile, friends and settings are deleted, and all your devices are signed out.',
  eraseMessages: (name: string) => `Your messages stay in their place without text, as those of “${name}”.`,
  eraseForGood: 'This can’t be undone.',
  eraseHost: 'Your account on this site stays. Chat here again, and you start anew.',
  password: 'Your password, to confirm',
  wrongPassword: 'This is not your password.',
  eraseNow: 'Delete for good',
  erased: 'Your account is deleted.',
};

type PrivacyStrings = typeof en;

const ko: PrivacyStrings = {
  title: '개인정보와 데이터',
  findable: '내 이메일 주소로 나를 찾을 수 있게 하기',
  findableHint: '이메일 주소 자체는 보이지 않아요.',
  data: '내 데이터',
  dataText: '프로필, 설정, 친구, 채팅, 내가 쓴 모든 메시지를 파일 하나로 받을 수 있어요.',
  download: '내 데이터 내려받기',
  downloaded: '내 데이터를 내려받았습니다.',
  erasing: '계정 삭제',
  eraseText: '모든 채팅에서 나가고, 더 이상 아무도 나를 찾을 수 없어요.',
  erase: '내 계정 삭제하기',
  eraseAsk: '계정을 완전히 삭제할까요?',
  eraseProfile: '프로필, 친구, 설정이 삭제되고 모든 기기에서 로그아웃돼요.',
  eraseMessages: (name) => `보낸 메시지는 내용 없이 ‘${name}’의 메시지로 자리만 남아요.`,
  eraseForGood: '되돌릴 수 없어요.',
  eraseHost: '이 사이트의 계정은 그대로예요. 다시 채팅하면 처음부터 시작해요.',
  password: '확인을 위한 비밀번호',
  wrongPassword: '비밀번호가 맞지 않아요.',
  eraseNow: '완전히 삭제',
  erased: '계정을 삭제했습니다.',
};

const languages: Partial<Record<string, PrivacyStrings>> = { en, ko };

export const privacyStrings = ({ lang }: Localizer): PrivacyStrings => languages[lang] ?? en;
