import { createTransport } from 'nodemailer';
import type { Config } from '../config.ts';
import type { Letter } from './letter.ts';
import { isLoopback, type Smtp } from './settings.ts';

/** Hands one letter over. Rejects where the other side has not taken it. */
export type Send = (letter: Letter, signal: AbortSignal) => Promise<void>;

/** A mail server that is slower than this has not answered. Milliseconds. */
const TIMEOUTS = {
  dnsTimeout: 10_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 15_000,
  socketCloseTimeout: 1_000,
};

/**
 * Sends over SMTP, with a connection for each letter. In production nothing leaves the machine in the clear, unless `SMTP_URL`
 * says so: without TLS anybody on the way could take a link for a new password.
 */
export function smtpTransport(smtp: Smtp, { production }: Pick<Config, 'production'>): Send {
  const { host, port, secure, user, password } = smtp;
  const clear = !secure && !smtp.tls;
  const transporter = createTransport(
    {
      ...{ host, port, secure, ...TIMEOUTS },
      ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
      ignoreTLS: clear,
      requireTLS: !secure && !clear && production && !isLoopback(host),
      // Outside production a mail server on this machine may have made its certificate itself.
      tls: { minVersion: 'TLSv1.2', rejectUnauthorized: production || !isLoopback(host) },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    },
    { xMailer: false },
  );
  return async ({ id, from, to, subject, text, html }, signal) => {
    await transporter.sendMail({
      ...{ from, subject, text, html, signal },
      to: { name: '', address: to },
      // The same for every try: a mail server that has taken it before without our hearing of it can tell.
      messageId: `<${id}@${from.address.split('@')[1] ?? 'localhost'}>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    });
  };
}

/** Why a mail was not taken, for the log: never the mail server's own words, which may repeat the address. */
export interface Failure {
  code: string;
  command?: string;
  status?: number;
  /** The address does not exist, or wants no mail: trying again changes nothing. */
  refusedForGood: boolean;
}

export function readFailure(error: unknown): Failure {
  const fields = (typeof error === 'object' ? error : null) as Record<string, unknown> | null;
  const { code, command, responseCode, permanent } = fields ?? {};
  return {
    code: typeof code === 'string' ? code : 'unknown',
    ...(typeof command === 'string' ? { command: command.slice(0, 20) } : {}),
    ...(typeof responseCode === 'number' ? { status: responseCode } : {}),
    // Refusing us, our password or our sender is for the operator to mend: only the recipient's is for good.
    refusedForGood: permanent === true && command === 'RCPT TO',
  };
}
