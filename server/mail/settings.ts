import { z } from 'zod';

/** How mail leaves the server. */
export interface Smtp {
  host: string;
  port: number;
  /** TLS from the first byte on. */
  secure: boolean;
  /** `false` only where `?tls=off` says so. */
  tls: boolean;
  user: string | null;
  password: string | null;
}

/** Who mails are from. Without a name, the name of the app they are about. */
export interface Sender {
  name: string | null;
  address: string;
}

export interface MailSettings {
  /** `null`: there is no mail server. Mails are shown at `/dev/mail`, or in production not made at all. */
  smtp: Smtp | null;
  from: Sender;
}

const FORM = 'must be an address such as smtps://user:password@smtp.example.com';
const PORTS = { 'smtp:': 587, 'smtps:': 465 };
const ADDRESS = /^[^\s\p{C}<>@"(),:;\\]+@[^\s\p{C}<>@"(),:;\\]+$/u;

/** `SMTP_URL`: one option is known, `?tls=off`; any other would be overlooked, so it is refused. */
export const smtpUrl = z.string().transform((text, issues): Smtp => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const port = url && PORTS[url.protocol as keyof typeof PORTS];
  const options = url?.search ?? '';
  const refuse = (why: string) => {
    issues.addIssue(`${FORM}${why}`);
    return z.NEVER;
  };
  if (!url || !port || url.hostname === '') return refuse('');
  if (!['', '?tls=off'].includes(options)) return refuse('; after a question mark only tls=off is known');
  const [user, password] = [url.username, url.password].map(decode);
  if (user === undefined || password === undefined) return refuse('; in a password write % as %25');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || port,
    secure: url.protocol === 'smtps:',
    tls: options === '',
    user: user || null,
    password: password || null,
  };
});

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** `MAIL_FROM`: `chat@example.com`, or `Example Chat <chat@example.com>`. */
export const mailFrom = z.string().transform((text, issues): Sender => {
  const [, name = '', address = text] = /^([^<>"\p{C}]*)<([^<>]*)>$/u.exec(text.trim()) ?? [];
  if (!ADDRESS.test(address.trim())) {
    issues.addIssue('must be an address such as chat@example.com, or Example Chat <chat@example.com>');
    return z.NEVER;
  }
  return { name: name.trim() || null, address: address.trim() };
});

/** Whether a name means this very machine: nothing travels over a network. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

/**
 * What is wrong with settings that are right one by one, or `undefined`.
 * @returns the variable, and a sentence about it
 */
export function mailProblem(
  smtp: Smtp | undefined,
  from: Sender | undefined,
  production: boolean,
): [variable: string, why: string] | undefined {
  if (smtp && !from && production)
    return ['MAIL_FROM', 'must be set where SMTP_URL is: the address that mails are from'];
  if (smtp && !smtp.tls && smtp.password !== null && production && !isLoopback(smtp.host)) {
    return ['SMTP_URL', 'must not say tls=off together with a password; it would travel for all to read'];
  }
  return undefined;
}
