import type { Localizer } from '../localize.ts';

/** What has to do with oneself, one’s devices and wishes, in all languages: a file of its own, fetched only with the views that say it. */
const en = {
  aboutHint: 'Up to 100 characters. Friends see this.',
  editProfile: 'Edit profile',
  themeAuto: 'Auto',
  themeLight: 'Light',
  themeDark: 'Dark',
  languageOfPage: 'As on this page',
  devices: 'Devices',
  thisDevice: 'This device',
  unknownDevice: 'Unknown device',
  browserOn: (browser: string, system: string) => `${browser} on ${system}`,
  lastUsed: (when: string) => `Last used ${when}`,
  signOutDevice: (name: string) => `Sign out ${name}`,
  signOutAsk: (count: string) =>
    count === '1'
      ? 'Sign out? 1 message is not sent yet and will be lost.'
      : `Sign out? ${count} messages are not sent yet and will be lost.`,
};

type YouStrings = typeof en;

const ko: YouStrings = {
  aboutHint: '100자까지. 친구에게 보여요.',
  editProfile: '프로필 수정',
  themeAuto: '자동',
  themeLight: '밝게',
  themeDark: '어둡게',
  languageOfPage: '페이지와 같게',
  devices: '기기',
  thisDevice: '이 기기',
  unknownDevice: '알 수 없는 기기',
  browserOn: (browser, system) => `${system}의 ${browser}`,
  lastUsed: (when) => `마지막 사용 ${when}`,
  signOutDevice: (name) => `${name} 로그아웃`,
  signOutAsk: (count) => `로그아웃할까요? 아직 보내지 못한 메시지 ${count}개가 사라져요.`,
};

const languages: Partial<Record<string, YouStrings>> = { en, ko };

export const youStrings = ({ lang }: Localizer): YouStrings => languages[lang] ?? en;
