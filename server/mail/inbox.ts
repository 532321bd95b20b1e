import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { escapeHtml, type Letter } from './letter.ts';
import type { Send } from './transport.ts';

/** Mails that stay on the machine of a developer, the newest first. */
export interface Inbox {
  put: Send;
  letters: () => Shown[];
}

interface Shown extends Letter {
  at: Date;
}

const KEPT = 50;

/** Keeps the last mails in memory, and logs each: for development only, since the log has the links in it. */
export function createInbox(log: Log, { publicUrl }: Pick<Config, 'publicUrl'>): Inbox {
  const letters: Shown[] = [];
  return {
    put: (letter) => {
      letters.unshift({ ...letter, at: new Date() });
      letters.length = Math.min(letters.length, KEPT);
      const link = /https?:\S+/.exec(letter.text)?.[0];
      log.info({ to: letter.to, subject: letter.subject, link }, `a mail; see ${publicUrl}/dev/mail`);
      return Promise.resolve();
    },
    letters: () => letters,
  };
}

/** The page that shows them. */
export function inboxPage(letters: Shown[]): string {
  const articles = letters.map(
    ({ id, to, subject, text, at }) => `<article aria-labelledby="m${id}">
<h2 id="m${id}">${escapeHtml(subject)}</h2>
<p class="meta">${escapeHtml(to)} · <time>${at.toISOString()}</time> · <a href="./mail/${id}">HTML</a></p>
<pre>${linked(text)}</pre>
</article>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mails</title>
<link rel="stylesheet" href="../account/account.css">
</head>
<body class="inbox">
<main>
<h1>Mails</h1>
<p class="lead">There is no SMTP_URL, so mails stay here, in memory. This page exists in development only, on this machine only. Load it anew for newer ones.</p>
${articles.join('\n') || '<p>Nothing was mailed yet.</p>'}
</main>
</body>
</html>
`;
}

const linked = (text: string): string =>
  escapeHtml(text).replaceAll(
    /https?:\/\/[^\s&]+(?:&amp;[^\s&]+)*/g,
    (address) => `<a href="${address}">${address}</a>`,
  );
