import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, createServer as createTcp, type AddressInfo, type Server as TcpServer } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkOutboundName, fetchOutside, OutboundError, type OutboundRequest } from './outbound.ts';
import { startDns, type TestDns } from './testing-dns.ts';

const PUBLIC_ONLY = { outboundAllowLoopback: false };
const WITH_LOOPBACK = { outboundAllowLoopback: true };

let dns: TestDns;
beforeAll(async () => {
  dns = await startDns();
});
afterAll(() => dns.close());

const open: (Server | TcpServer)[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
});

/** A foreign site on this machine. @returns its port */
async function site(listener: RequestListener, host = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer(listener).listen(port, host);
  open.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const get = (url: string, more: Partial<OutboundRequest> = {}, rules = WITH_LOOPBACK) =>
  fetchOutside(rules, { url, timeoutMs: 5_000, maxBytes: 1_000, dns: dns.servers, ...more });

const failureOf = async (asking: Promise<unknown>): Promise<OutboundError> => {
  const error: unknown = await asking.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OutboundError)) throw error;
  return error;
};

describe('names', () => {
  it.each([
    ['10.0.0.1'],
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['fd00::1'],
    ['::ffff:a00:1'],
    ['8.8.8.8', '10.0.0.1'],
    ['8.8.8.8', 'fe80::1'],
  ])('that lead to %s are refused', async (...addresses) => {
    dns.set('inside.example', addresses);
    expect((await failureOf(get('http://inside.example/', {}, PUBLIC_ONLY))).reason).toBe('refused');
    expect((await failureOf(checkOutboundName(PUBLIC_ONLY, 'http://inside.example/', dns.servers))).reason).toBe(
      'refused',
    );
  });

  it('that lead to public addresses pass, and so do those that lead nowhere yet', async () => {
    dns.set('outside.example', ['8.8.8.8', '2606:4700:4700::1111']);
    await checkOutboundName(PUBLIC_ONLY, 'https://outside.example/', dns.servers);
    await checkOutboundName(PUBLIC_ONLY, 'https://unknown.example/', dns.servers);
    expect((await failureOf(get('https://unknown.example/'))).reason).toBe('unreachable');
  });

  it('are connected to where they were found to lead, whatever they lead to a moment later', async () => {
    const reached: string[] = [];
    const port = await site((req, res) => {
      reached.push(`first ${req.headers.host ?? ''}`);
      res.end('first');
    });
    await site(
      (_req, res) => {
        reached.push('second');
        res.end('second');
      },
      '127.0.0.2',
      port,
    );
    dns.set('rebound.example', ['127.0.0.1'], ['127.0.0.2']);
    const answer = await get(`http://rebound.example:${String(port)}/`);
    expect(answer.body.toString()).toBe('first');
    expect(reached).toEqual([`first rebound.example:${String(port)}`]);
  });

  it('are the names that certificates must be for', async () => {
    const asked: string[] = [];
    const server = createTls({
      SNICallback: (name, done) => {
        asked.push(name);
        done(new Error('there is no certificate'));
      },
    }).listen(0, '127.0.0.1');
    open.push(server);
    await once(server, 'listening');
    dns.set('secure.example', ['127.0.0.1']);
    const port = String((server.address() as AddressInfo).port);
    expect((await failureOf(get(`https://secure.example:${port}/`))).reason).toBe('unreachable');
    expect(asked).toEqual(['secure.example']);
  });

  it('are looked up anew for each request: one that was public is refused once it leads inside', async () => {
    dns.set('turning.example', ['127.0.0.1'], ['10.0.0.1']);
    const port = await site((_req, res) => res.end('ok'));
    expect((await get(`http://turning.example:${String(port)}/`)).status).toBe(200);
    expect((await failureOf(get(`http://turning.example:${String(port)}/`))).reason).toBe('refused');
  });

  it('are given up when no name server answers', async () => {
    const silent = createTcp().listen(0, '127.0.0.1');
    open.push(silent);
    await once(silent, 'listening');
    const servers = [`127.0.0.1:${String((silent.address() as AddressInfo).port)}`];
    const failure = await failureOf(get('http://silent.example/', { timeoutMs: 300, dns: servers }));
    expect(['timeout', 'unreachable']).toContain(failure.reason);
  });
});

describe('redirects', () => {
  const redirectTo = (to: string, status = 302) =>
    site((req, res) => {
      if (req.url === '/end') res.end('arrived');
      else res.writeHead(status, { location: to }).end();
    });

  it('are the answer where none are asked for', async () => {
    const port = await redirectTo('/end');
    expect((await get(`http://127.0.0.1:${String(port)}/`)).status).toBe(302);
    const posted = await get(`http://127.0.0.1:${String(port)}/`, { method: 'POST', body: 'x', redirects: 3 });
    expect(posted.status).toBe(302);
  });

  it.each([301, 302, 303, 307, 308])('are followed (%i)', async (status) => {
    const port = await redirectTo('/end', status);
    const answer = await get(`http://127.0.0.1:${String(port)}/`, { redirects: 3 });
    expect([answer.status, answer.body.toString()]).toEqual([200, 'arrived']);
  });

  it.each([
    ...['http://10.0.0.1/', 'http://169.254.169.254/latest/meta-data/', '//192.168.0.1/', 'http://[fd00::1]/'],
    ...['http://inside.example/', 'file:///etc/passwd', 'http://user@127.0.0.1/', 'http://127.0.0.1:25/', 'http://'],
  ])('to %s are refused', async (to) => {
    dns.set('inside.example', ['10.1.2.3']);
    const port = await redirectTo(to);
    expect((await failureOf(get(`http://127.0.0.1:${String(port)}/`, { redirects: 3 }))).reason).toBe('refused');
  });

  it('end after as many as were asked for', async () => {
    let asked = 0;
    const port = await site((_req, res) => {
      asked += 1;
      res.writeHead(302, { location: `/${String(asked)}` }).end();
    });
    expect((await failureOf(get(`http://127.0.0.1:${String(port)}/`, { redirects: 3 }))).reason).toBe('refused');
    expect(asked).toBe(4);
  });

  it('to another origin carry none of the headers', async () => {
    let heard: string | undefined;
    const other = await site((req, res) => {
      heard = req.headers.authorization;
      res.end();
    });
    const port = await redirectTo(`http://127.0.0.1:${String(other)}/`);
    const headers = { authorization: 'Bearer secret' };
    expect((await get(`http://127.0.0.1:${String(port)}/`, { redirects: 1, headers })).status).toBe(200);
    expect(heard).toBeUndefined();
  });
});

describe('answers', () => {
  /** One that never ends. */
  const endless = () =>
    site((_req, res) => {
      const timer = setInterval(() => res.write('x'.repeat(400)), 1);
      res.once('close', () => {
        clearInterval(timer);
      });
    });

  it('that never end are refused once they are too long', async () => {
    const port = await endless();
    expect((await failureOf(get(`http://127.0.0.1:${String(port)}/`))).reason).toBe('too_large');
  });

  it('that never end are cut, where that was asked for', async () => {
    const port = await endless();
    const answer = await get(`http://127.0.0.1:${String(port)}/`, { cut: true });
    expect([answer.status, answer.body.length]).toEqual([200, 1_000]);
  });

  it.each<[string, (write: (text: string) => void) => void]>([
    ['nothing', () => undefined],
    ['half a head', (write) => write('HTTP/1.1 200 OK\r\nX-Slow: ')],
    ['one byte of its body at a time', (write) => write('HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nx')],
    ['that it will go on', (write) => write('HTTP/1.1 102 Processing\r\n\r\n')],
  ])('are not waited for by somebody who says %s', async (_what, say) => {
    const server = createTcp((socket) => {
      socket.on('error', () => undefined);
      const timer = setInterval(() => {
        say((text) => socket.write(text));
      }, 50);
      socket.once('close', () => {
        clearInterval(timer);
      });
    }).listen(0, '127.0.0.1');
    open.push(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const started = Date.now();
    // A garbled head may be taken for a broken one before the time is over.
    const { reason } = await failureOf(get(`http://127.0.0.1:${String(port)}/`, { timeoutMs: 400 }));
    expect(['timeout', 'unreachable']).toContain(reason);
    expect(Date.now() - started).toBeLessThan(3_000);
  });

  it('with endless headers, broken ones, and none at all are refused', async () => {
    for (const text of [`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 'SSH-2.0-OpenSSH_9.6\r\n', '']) {
      const server = createTcp((socket) => {
        socket.on('error', () => undefined);
        socket.end(text);
      }).listen(0, '127.0.0.1');
      open.push(server);
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const failure = await failureOf(get(`http://127.0.0.1:${String(port)}/`));
      expect(failure.reason).toBe('unreachable');
      expect(failure.message).not.toContain('127.0.0.1');
    }
  });

  it('stop being read when the asker gives up', async () => {
    const port = await site(() => undefined);
    const giveUp = new AbortController();
    setTimeout(() => {
      giveUp.abort();
    }, 50);
    const failure = await failureOf(get(`http://127.0.0.1:${String(port)}/`, { signal: giveUp.signal }));
    expect(failure.reason).toBe('timeout');
  });

  it('take the bytes that were sent, and give those that came', async () => {
    const port = await site((req, res) => {
      req.pipe(res.writeHead(201, { 'x-said': String(req.headers['user-agent']) }));
    });
    const answer = await get(`http://127.0.0.1:${String(port)}/`, { method: 'POST', body: '{"nickname":"민지"}' });
    expect([answer.status, answer.body.toString()]).toEqual([201, '{"nickname":"민지"}']);
    expect(answer.headers['x-said']).toMatch(/^Co-Talk\/\d/);
  });
});

it('says that nobody is there', async () => {
  const port = await site(() => undefined);
  const [server] = open.splice(0);
  server?.close();
  await expect(new Promise((_resolve, reject) => connect(port, '127.0.0.1').once('error', reject))).rejects.toThrow(
    'ECONNREFUSED',
  );
  const failure = await failureOf(get(`http://127.0.0.1:${String(port)}/`));
  expect([failure.reason, failure.message]).toEqual([
    'unreachable',
    'unable to reach the address; nobody answers there',
  ]);
});
