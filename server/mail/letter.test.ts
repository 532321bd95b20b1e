import { describe, expect, test } from 'vitest';
import { startSmtp } from '../testing-mail.ts';
import { oneLine, writeLetter, type LetterParts } from './letter.ts';
import { mailLanguage } from './texts.ts';
import { smtpTransport } from './transport.ts';

const LINK = `https://chat.example.com/account/reset#token=${'t'.repeat(43)}&lang=en`;
const parts = (changes: Partial<LetterParts> = {}): LetterParts => ({
  ...{ id: '01900000-0000-7000-8000-000000000000', kind: 'forgot', language: 'en', app: 'Book Club' },
  ...{ sender: { name: null, address: 'chat@mail.example.com' }, to: 'ada@example.com', link: LINK },
  at: new Date('2026-11-22T15:04:05Z'),
  ...changes,
});

/** What an app's owner could call it, to write more into a mail than a name. */
const HOSTILE = [
  'Shop\r\nBcc: everybody@example.com',
  'Shop\nSubject: something else\n\nA body of my own',
  'Shop\u2028Bcc: everybody@example.com\u0085X: y',
  '"Shop" <evil@example.com>',
  'Shop, evil@example.com',
  '=?utf-8?B?QmNjOiBldmlsQGV4YW1wbGUuY29t?=',
  '<script>alert(1)</script><img src=https://evil.example/x.png>',
  `" onmouseover="alert(1)`,
  '\u202Ereversed\u202C and \u200Binvisible',
  '책 읽는 모임 📚',
  'x'.repeat(5000),
];

describe('what others have named', () => {
  test.each(HOSTILE)('%j stays a name', async (app) => {
    const smtp = await startSmtp();
    try {
      const send = smtpTransport(
        { host: '127.0.0.1', port: smtp.port, secure: false, tls: true, user: null, password: null },
        { production: false },
      );
      for (const kind of ['forgot', 'verify', 'changed'] as const) {
        await send(
          writeLetter(parts({ app, kind, ...(kind === 'changed' ? { link: null } : {}) })),
          new AbortController().signal,
        );
      }
      expect(smtp.arrived).toHaveLength(3);
      for (const mail of smtp.arrived) {
        expect(mail.recipients).toEqual(['ada@example.com']);
        expect(mail.envelopeFrom).toBe('chat@mail.example.com');
        expect([mail.to?.map(({ address }) => address), mail.cc, mail.bcc]).toEqual([
          ['ada@example.com'],
          undefined,
          undefined,
        ]);
        expect(mail.from).toMatchObject({ address: 'chat@mail.example.com', name: oneLine(app) });
        const names = mail.headers.map(({ key }) => key);
        expect(names.filter((name) => ['bcc', 'cc', 'x', 'reply-to'].includes(name))).toEqual([]);
        expect(names.filter((name) => name === 'subject')).toHaveLength(1);
        expect(mail.subject).toContain(oneLine(app));
        expect(mail.subject?.length).toBeLessThan(200);
        expect(mail.html).not.toMatch(/<script|<img|<[^>]*(onmouseover|src)=/i);
        expect(mail.text).not.toMatch(/[\u202A-\u202E\u200B]/);
      }
    } finally {
      await smtp.close();
    }
  });
});

describe('a mail', () => {
  test('says the same in plain text and in HTML, and fetches nothing', () => {
    for (const language of ['en', 'ko']) {
      const { text, html } = writeLetter(parts({ language }));
      expect(text).toContain(LINK);
      expect(html).toContain(`href="${LINK.replaceAll('&', '&amp;')}"`);
      const inHtml = html.replaceAll(/<[^>]*>/g, ' ').replaceAll('&amp;', '&');
      for (const line of text.split('\n').filter((line) => line !== '' && line !== '-- ' && !line.endsWith(':')))
        expect(inHtml).toContain(line);
      expect(html).not.toMatch(/<(img|link|script|style|iframe|svg)|url\(|@import/i);
      expect(html.match(/https?:\/\/[^"<\s]+/g)?.every((found) => found.startsWith('https://chat.example.com/'))).toBe(
        true,
      );
      expect(html).toContain(`<html lang="${language}">`);
    }
  });

  test('is in the language of the one who asked, down to the moment it speaks of', () => {
    expect(writeLetter(parts({ language: 'ko' })).subject).toBe('[Book Club] 새 비밀번호 정하기');
    const changed = (language: string) => writeLetter(parts({ language, kind: 'changed', link: null })).text;
    expect(changed('ko')).toContain('2026년 11월 22일 오후 3:04 UTC에 변경되었고');
    expect(changed('en')).toMatch(/was changed on November 22, 2026 at 3:04\sPM UTC/);
    expect(writeLetter(parts({ language: '../../etc' })).subject).toBe('Choose a new password for Book Club');
  });

  test.each<[string | undefined, string]>([
    [undefined, 'en'],
    ['ko-KR,ko;q=0.9,en-US;q=0.8', 'ko'],
    ['en-US,en;q=0.9,ko;q=0.8', 'en'],
    ['fr-FR, ko;q=0.2', 'ko'],
    ['ko;q=0, en;q=0.1', 'en'],
    ['__proto__, constructor', 'en'],
    [',;q=,;;', 'en'],
    ['a'.repeat(100_000), 'en'],
  ])('for a browser that asks for %s is in %s', (header, language) => {
    expect(mailLanguage(header)).toBe(language);
  });

  test('bears the name that MAIL_FROM gives, where it gives one, and the same id however often it is sent', async () => {
    const smtp = await startSmtp();
    try {
      const target = { host: '127.0.0.1', port: smtp.port, secure: false, tls: true, user: null, password: null };
      const send = smtpTransport(target, { production: false });
      const letter = writeLetter(parts({ sender: { name: 'Example Chat', address: 'chat@mail.example.com' } }));
      await send(letter, new AbortController().signal);
      await send(letter, new AbortController().signal);
      const [first, second] = smtp.arrived;
      expect(first?.from?.name).toBe('Example Chat');
      expect(first?.messageId).toBe('<01900000-0000-7000-8000-000000000000@mail.example.com>');
      expect(second?.messageId).toBe(first?.messageId);
      const header = (name: string) => first?.headers.find(({ key }) => key === name)?.value;
      expect([header('auto-submitted'), header('x-mailer')]).toEqual(['auto-generated', undefined]);
    } finally {
      await smtp.close();
    }
  });
});
