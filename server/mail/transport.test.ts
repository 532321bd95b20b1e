import { afterEach, expect, test } from 'vitest';
import { startSmtp, type Smtp } from '../testing-mail.ts';
import { writeLetter } from './letter.ts';
import type { Smtp as Target } from './settings.ts';
import { readFailure, smtpTransport, type Failure } from './transport.ts';

// 0.0.0.0 leads to this machine, but is none of its names: to the transport it is somewhere else.
const ELSEWHERE = '0.0.0.0';

let smtp: Smtp | undefined;
afterEach(() => smtp?.close());

const letter = writeLetter({
  ...{ id: 'one', kind: 'changed', language: 'en', app: 'Shop', to: 'ada@example.com', link: null, at: new Date() },
  sender: { name: null, address: 'chat@mail.example.com' },
});

/** @returns why it was not sent */
async function send(production: boolean, changes: Partial<Target>): Promise<Failure | undefined> {
  const target = { host: '127.0.0.1', port: smtp?.port ?? 0, secure: false, tls: true, user: null, password: null };
  try {
    await smtpTransport({ ...target, ...changes }, { production })(letter, AbortSignal.timeout(10_000));
    return undefined;
  } catch (error) {
    return readFailure(error);
  }
}

test('in production nothing travels in the clear, unless the settings say so', async () => {
  smtp = await startSmtp();
  expect((await send(true, { host: ELSEWHERE }))?.code).toBe('ETLS');
  expect(smtp.arrived).toEqual([]);
  expect(await send(true, { host: ELSEWHERE, tls: false })).toBeUndefined();
  // On this machine there is nobody on the way.
  expect(await send(true, {})).toBeUndefined();
  expect(smtp.arrived.map(({ encrypted }) => encrypted)).toEqual([false, false]);
});

test('in production a certificate that nobody vouches for is not enough', async () => {
  smtp = await startSmtp({ disabledCommands: [] });
  for (const host of [ELSEWHERE, '127.0.0.1']) expect((await send(true, { host }))?.code).toMatch(/^E(TLS|SOCKET)$/);
  await smtp.close();
  smtp = await startSmtp({ secure: true });
  expect(await send(true, { secure: true })).toMatchObject({ refusedForGood: false });
  expect(smtp.arrived).toEqual([]);
});

test('TLS is used where it is offered', async () => {
  smtp = await startSmtp({ disabledCommands: [] });
  expect(await send(false, {})).toBeUndefined();
  await smtp.close();
  const [first] = smtp.arrived;
  smtp = await startSmtp({ secure: true });
  expect(await send(false, { secure: true })).toBeUndefined();
  expect([first?.encrypted, smtp.arrived[0]?.encrypted]).toEqual([true, true]);
});

test('signs in where it has a name', async () => {
  const seen: unknown[] = [];
  smtp = await startSmtp({
    ...{ authOptional: false, disabledCommands: [] },
    onAuth: ({ username, password }, _session, done) => {
      seen.push([username, password]);
      done(null, { user: username });
    },
  });
  expect(await send(false, { user: 'mailer', password: 'p@ss:word/' })).toBeUndefined();
  expect(seen).toEqual([['mailer', 'p@ss:word/']]);
});

test('what is logged of a failure repeats nothing that the mail server says', async () => {
  smtp = await startSmtp({
    onRcptTo: ({ address }, _session, done) => {
      done(Object.assign(new Error(`no mailbox for ${address}`), { responseCode: 550 }));
    },
  });
  const failure = await send(false, {});
  expect(failure).toEqual({ code: 'EENVELOPE', command: 'RCPT TO', status: 550, refusedForGood: true });
});

test('gives up when it is told to', async () => {
  smtp = await startSmtp({ onConnect: () => undefined });
  const started = performance.now();
  const target = { host: '127.0.0.1', port: smtp.port, secure: false, tls: true, user: null, password: null };
  const sending = smtpTransport(target, { production: false })(letter, AbortSignal.timeout(300));
  await expect(sending).rejects.toThrow();
  expect(performance.now() - started).toBeLessThan(3_000);
});
