/** What a mail says, in one language. Paragraphs are plain text; the link stands after the first one. */
export interface MailText {
  subject: string;
  paragraphs: [string, ...string[]];
  /** On the button; `null` where there is nothing to open. */
  action: string | null;
}

interface Texts {
  forgot: (app: string) => MailText;
  verify: (app: string) => MailText;
  changed: (app: string, when: string) => MailText;
  /** Under every mail. */
  footer: (app: string) => string;
  /** Before the address of a link, for those who cannot press the button. */
  orOpen: string;
}

const en: Texts = {
  forgot: (app) => ({
    subject: `Choose a new password for ${app}`,
    paragraphs: [
      `Somebody, probably you, asked for a new password for your account at ${app}.`,
      'The link works once, within 30 minutes. If it was not you, ignore this mail: nothing has changed.',
    ],
    action: 'Choose a new password',
  }),
  verify: (app) => ({
    subject: `Confirm your e-mail address for ${app}`,
    paragraphs: [
      `An account was opened with this address at ${app}. Please confirm that the address is yours.`,
      'The link is good for three days. If it was not you, ignore this mail.',
    ],
    action: 'Confirm e-mail address',
  }),
  changed: (app, when) => ({
    subject: `Your password for ${app} was changed`,
    paragraphs: [
      `The password of your account at ${app} was changed on ${when}, and all devices were signed out.`,
      'If it was not you, choose a new one at once, with “Forgot password?” where you sign in, and make sure that nobody else reads your mail.',
    ],
    action: null,
  }),
  footer: (app) => `This mail was sent because of an account at ${app}. Nobody reads answers to it.`,
  orOpen: 'Or open this address:',
};

const ko: Texts = {
  forgot: (app) => ({
    subject: `[${app}] 새 비밀번호 정하기`,
    paragraphs: [
      `${app} 계정의 비밀번호를 새로 정해 달라는 요청을 받았습니다.`,
      '링크는 30분 안에 한 번만 사용할 수 있습니다. 직접 요청하지 않았다면 이 메일을 무시하세요. 아무것도 바뀌지 않았습니다.',
    ],
    action: '새 비밀번호 정하기',
  }),
  verify: (app) => ({
    subject: `[${app}] 이메일 주소 확인`,
    paragraphs: [
      `이 주소로 ${app} 계정이 만들어졌습니다. 본인의 주소가 맞는지 확인해 주세요.`,
      '링크는 3일 동안 사용할 수 있습니다. 계정을 만들지 않았다면 이 메일을 무시하세요.',
    ],
    action: '이메일 주소 확인',
  }),
  changed: (app, when) => ({
    subject: `[${app}] 비밀번호가 변경되었습니다`,
    paragraphs: [
      `${app} 계정의 비밀번호가 ${when}에 변경되었고, 모든 기기에서 로그아웃되었습니다.`,
      '직접 변경하지 않았다면 로그인 화면의 “비밀번호를 잊으셨나요?”에서 바로 새 비밀번호를 정하고, 다른 사람이 메일을 볼 수 없는지 확인하세요.',
    ],
    action: null,
  }),
  footer: (app) => `${app} 계정과 관련하여 보낸 메일입니다. 이 메일에 답장하셔도 읽지 않습니다.`,
  orOpen: '또는 이 주소를 여세요:',
};

const TEXTS = { en, ko };

export type MailLanguage = keyof typeof TEXTS;

/** What a mail was queued with may be of a newer or an older server. */
export const knownLanguage = (tag: string): MailLanguage => (isLanguage(tag) ? tag : 'en');

export const textsIn = (language: MailLanguage): Texts => TEXTS[language];

const isLanguage = (tag: string): tag is MailLanguage => Object.hasOwn(TEXTS, tag);

/** The language for somebody whose browser asks for these, such as `ko-KR,ko;q=0.9,en;q=0.8`; English where none fits. */
export function mailLanguage(acceptLanguage: string | undefined): MailLanguage {
  const wishes = (acceptLanguage ?? '')
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', weight] = part.trim().toLowerCase().split(';q=');
      return { language: tag.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) || 0 };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return wishes.map(({ language }) => language).find(isLanguage) ?? 'en';
}

/** The language of a mail that a request sets off. */
export const languageOf = (header: (name: string) => string | undefined): MailLanguage =>
  mailLanguage(header('accept-language'));
