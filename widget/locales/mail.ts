import type { Localizer } from '../localize.ts';

/** What has to do with mail, in all languages: a file of its own, fetched only with the views that say it. */
const en = {
  forgotTitle: 'Forgot your password?',
  forgotText: 'Enter the e-mail address of your account, and we’ll mail you a link to choose a new one.',
  sendLink: 'Send the link',
  sentTitle: 'Look into your mail',
  sentText: (email: string) =>
    `If there is an account for ${email}, a link is on its way. It is good for 30 minutes. Nothing there? Look among the junk, too.`,
  backToSignIn: 'Back to sign in',
  unverified: 'E-mail address not confirmed yet',
  sendAgain: 'Send the link again',
  linkSent: (email: string) => `We’ve mailed a link to ${email}.`,
};

type MailStrings = typeof en;

const ko: MailStrings = {
  forgotTitle: '비밀번호를 잊으셨나요?',
  forgotText: '계정의 이메일 주소를 입력하면 새 비밀번호를 정할 수 있는 링크를 보내 드려요.',
  sendLink: '링크 보내기',
  sentTitle: '메일을 확인하세요',
  sentText: (email) =>
    `${email} 주소로 만든 계정이 있다면 링크를 보냈습니다. 30분 동안 사용할 수 있어요. 보이지 않으면 스팸함도 확인해 보세요.`,
  backToSignIn: '로그인으로 돌아가기',
  unverified: '이메일 주소가 아직 확인되지 않았어요',
  sendAgain: '링크 다시 보내기',
  linkSent: (email) => `${email} 주소로 링크를 보냈습니다.`,
};

const languages: Partial<Record<string, MailStrings>> = { en, ko };

export const mailStrings = ({ lang }: Localizer): MailStrings => languages[lang] ?? en;
