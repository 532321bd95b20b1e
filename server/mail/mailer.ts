import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { App } from '../apps/app.entity.ts';
import { getApp } from '../apps/apps.ts';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Database } from '../orm.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { writeLetter } from './letter.ts';
import type { Mail, MailKind } from './mail.entity.ts';
import { claimMails, postponeMail, removeMail } from './queue.ts';
import { forgetOldTokens } from './tokens.ts';
import { readFailure, smtpTransport, type Send } from './transport.ts';

/** Whom a mail goes to, and what it opens. */
export interface Addressed {
  to: string;
  link: string | null;
}

/** Says to whom a mail goes now, and makes its link; `null` when nobody is to get it any more. */
export type Addresser = (em: EntityManager, mail: Mail, config: Config) => Promise<Addressed | null>;

export interface Mailer {
  /** Whether this server can send mail at all. */
  available: boolean;
  /** There is a new mail in the queue. */
  wake: () => void;
  /** Where mails go that have nowhere to go; `null` in production and where there is a mail server. */
  inbox: Inbox | null;
  close: () => Promise<void>;
}

interface Needs {
  config: Config;
  log: Log;
  db: Database;
  /** By kind: the features that mails are about. */
  addressers: Record<MailKind, Addresser>;
}

const EVERY_MS = 2_000;
/** Mails under way at once, on this node. */
const AT_ONCE = 4;
/** Milliseconds for one try, with all of its waiting. */
const TRY_MS = 40_000;
/** Milliseconds that mails under way have to be handed over when the server ends. */
const LAST_MS = 3_000;
/** Rounds between two cleanings. */
const CLEAN_EVERY = 300;

/** Sends what is in the queue, whichever node has put it there. */
export function createMailer(needs: Needs): Mailer {
  const { config, log } = needs;
  const { smtp } = config.mail;
  const inbox = smtp === null && !config.production ? createInbox(log, config) : null;
  const send = smtp ? smtpTransport(smtp, config) : inbox?.put;
  if (!send) {
    log.warn('no mail is sent, since SMTP_URL is not set: nobody can choose a new password or confirm an address');
    return { available: false, wake: () => undefined, inbox, close: () => Promise.resolve() };
  }
  return startMailer(needs, send, inbox);
}

function startMailer({ config, log, db, addressers }: Needs, send: Send, inbox: Inbox | null): Mailer {
  const { from } = config.mail;
  const closing = new AbortController();
  const active = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let rounds = 0;
  let failing = false;
  let closed = false;

  async function attempt(mail: Mail): Promise<void> {
    const about = { mail: mail.id, kind: mail.kind, app: mail.appId, attempts: mail.attempts };
    try {
      const app = await getApp(db, mail.appId);
      const addressed = await addressers[mail.kind](db.fork(mail.appId), mail, config);
      if (addressed) {
        const { id, kind, language, createdAt: at } = mail;
        const letter = writeLetter({ id, kind, language, at, app: nameOf(app), sender: from, ...addressed });
        await send(letter, AbortSignal.any([closing.signal, AbortSignal.timeout(TRY_MS)]));
        log.info(about, 'a mail was sent');
      }
      await removeMail(db.ownPool, mail);
    } catch (error) {
      const appGone = error instanceof AppError && error.code === 'app_unknown';
      const { refusedForGood, ...why } = readFailure(error);
      const again = !appGone && !refusedForGood && (await postponeMail(db.ownPool, mail));
      if (again) log.warn({ ...about, ...why }, 'a mail could not be sent; will try again');
      else {
        await removeMail(db.ownPool, mail);
        log.error({ ...about, ...why }, 'a mail could not be sent; it is given up');
      }
    }
  }

  async function look(): Promise<void> {
    try {
      if (rounds++ % CLEAN_EVERY === 0) await forgetOldTokens(db.ownPool);
      const free = AT_ONCE - active.size;
      const mails = free > 0 ? await claimMails(db.ownPool, free) : [];
      failing = false;
      for (const mail of mails) {
        // What the database does not hear of now is tried again after its lease.
        const under = attempt(mail).catch((error: unknown) => {
          if (!closed) log.warn({ err: error, mail: mail.id }, 'a mail could not be put back in the queue');
        });
        active.add(under);
        void under.then(() => {
          active.delete(under);
          if (mails.length === free) schedule(0);
        });
      }
    } catch (error) {
      // Once: a database that is away is away for many rounds.
      if (!closed && !failing) log.warn({ err: error }, 'unable to look for mails; will try again');
      failing = true;
    }
    schedule(EVERY_MS);
  }

  function schedule(ms: number): void {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      looking = looking.then(look);
    }, ms);
  }

  schedule(0);
  return {
    available: true,
    // Not at once: whether there is anybody to write to must not be felt in the answers of the same moment.
    wake: () => {
      schedule(50 + Math.random() * 250);
    },
    inbox,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await looking;
      await Promise.race([Promise.all(active), sleep(LAST_MS, undefined, { ref: false })]);
      closing.abort();
      await Promise.all(active);
    },
  };
}

/** The first app has a name that says nothing to those who get mail, until somebody gives it another. */
const nameOf = ({ id, name }: App): string => (id === 'default' && name === 'Default' ? 'Co-Talk' : name);
