import type { MailKind } from './mail.entity.ts';
import type { Sender } from './settings.ts';
import { knownLanguage, textsIn } from './texts.ts';

/** A mail as it is handed to a mail server. */
export interface Letter {
  id: string;
  from: { name: string; address: string };
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** What a letter is made of. Nothing here was typed by the person who set it off, but for the address it goes to. */
export interface LetterParts {
  id: string;
  kind: MailKind;
  language: string;
  /** The app's name, as its owner has written it. */
  app: string;
  sender: Sender;
  to: string;
  /** When that happened which the mail is about. */
  at: Date;
  /** An address of the server; `null` for `changed`. */
  link: string | null;
}

/** Writes a mail: plain text, and the same as simple HTML without pictures or anything from elsewhere. */
export function writeLetter(parts: LetterParts): Letter {
  const { id, kind, sender, to, link } = parts;
  const language = knownLanguage(parts.language);
  const app = oneLine(parts.app);
  const texts = textsIn(language);
  const { subject, paragraphs, action } = texts[kind](app, momentIn(language, parts.at));
  const [first, ...rest] = paragraphs;
  const button = link !== null && action !== null ? { link, action } : null;
  const plain = [first, ...(button ? [`${button.action}:\n${button.link}`] : []), ...rest, `-- \n${texts.footer(app)}`];
  const html = page(language, subject, [
    paragraph(first),
    ...(button ? [buttonHtml(button, texts.orOpen)] : []),
    ...rest.map((text) => paragraph(text)),
    paragraph(texts.footer(app), 'color:#666d7b;font-size:13px;line-height:18px;margin:32px 0 0'),
  ]);
  return {
    ...{ id, to, subject, html },
    from: { name: sender.name ?? app, address: sender.address },
    text: `${plain.join('\n\n')}\n`,
  };
}

/**
 * A name for a line of its own in a mail: without line breaks, which would begin another header, without what turns the direction
 * of writing or cannot be seen, and without what mail programs decode.
 */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll('=?', '= ?')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 100) || 'Co-Talk';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

const momentIn = (language: string, at: Date): string =>
  `${new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`;

const paragraph = (text: string, style = 'margin:0 0 16px') => `<p style="${style}">${escapeHtml(text)}</p>`;

function buttonHtml({ link, action }: { link: string; action: string }, orOpen: string): string {
  const href = escapeHtml(link);
  return `<p style="margin:24px 0"><a href="${href}" style="background:#3d5afe;border-radius:12px;color:#fff;display:inline-block;font-weight:600;padding:12px 20px;text-decoration:none">${escapeHtml(action)}</a></p>
<p style="color:#666d7b;font-size:13px;line-height:18px;margin:0 0 24px">${escapeHtml(orOpen)}<br><a href="${href}" style="color:inherit;overflow-wrap:anywhere">${href}</a></p>`;
}

const page = (language: string, subject: string, parts: string[]): string => `<!doctype html>
<html lang="${escapeHtml(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>
<body style="font:16px/24px system-ui,sans-serif;margin:0;padding:24px">
<div style="margin:0 auto;max-width:520px">
<h1 style="font-size:20px;line-height:28px;margin:0 0 16px">${escapeHtml(subject)}</h1>
${parts.join('\n')}
</div>
</body>
</html>
`;
