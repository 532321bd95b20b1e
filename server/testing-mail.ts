import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail that has arrived. */
export interface Arrived extends Email {
  /** Whom the envelope names, which is who gets it. */
  recipients: string[];
  envelopeFrom: string;
  /** Byte for byte. */
  raw: string;
  encrypted: boolean;
}

/** A real SMTP server on this machine. */
export interface Smtp {
  port: number;
  arrived: Arrived[];
  /** Those to one address, the oldest first. */
  to: (address: string) => Arrived[];
  close: () => Promise<void>;
}

/** Takes every mail, without a password unless `options` say otherwise. `port` 0: any free one. */
export async function startSmtp(options: SMTPServerOptions = {}, port = 0): Promise<Smtp> {
  const arrived: Arrived[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    closeTimeout: 100,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        void PostalMime.parse(raw).then((email) => {
          const { mailFrom, rcptTo } = session.envelope;
          arrived.push({
            ...email,
            raw,
            recipients: rcptTo.map(({ address }) => address),
            envelopeFrom: mailFrom === false ? '' : mailFrom.address,
            encrypted: session.secure,
          });
          done();
        });
      });
    },
    ...options,
  });
  // Whoever hangs up on it is what the tests are about.
  server.on('error', () => undefined);
  const listening = server.listen(port, '127.0.0.1');
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    arrived,
    to: (address) => arrived.filter(({ recipients }) => recipients.includes(address)),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}

/** What the link in a mail carries. */
export function tokenIn(mail: { text?: string | undefined } | undefined): string {
  const [, token = ''] = /\/account\/(?:reset|verify)#token=([\w-]{43})&lang=/.exec(mail?.text ?? '') ?? [];
  if (token === '') throw new Error(`no link in the mail: ${mail?.text ?? 'there is none'}`);
  return token;
}
