import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';
import type { WebhookDelivery, WebhookEvent, WebhookSubscription, WebhookWithSecret } from '@co-talk/sdk/protocol';
import { eventually, type Answer, type TestApp } from './testing.ts';

/** A request that has come to the site. */
export interface Received {
  id: string;
  headers: Record<string, string>;
  body: string;
  event: WebhookEvent;
}

/** A site's own server, which hears what happens in its app. */
export interface Receiver {
  url: string;
  received: Received[];
  /** How it answers; at first with 204. */
  answer: (request: Received, res: ServerResponse) => void;
  /** What has come of one type. */
  of: (type: WebhookEvent['type']) => Received[];
  /** Takes no connections any more, or takes them again. */
  stop: () => Promise<void>;
  start: () => Promise<void>;
}

/** Three tries within a second and a half. */
export const RETRY_MS = [100, 800];
export const HASTE = { webhooks: { everyMs: 20, timeoutMs: 600, leaseMs: 2_000, retryMs: RETRY_MS } };

const open: Receiver[] = [];

export const answering =
  (status: number, text = '', headers: Record<string, string> = {}): Receiver['answer'] =>
  (_request, res) =>
    res.writeHead(status, headers).end(text);

export async function startReceiver(): Promise<Receiver> {
  let port = 0;
  const listener = async (req: IncomingMessage, res: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
    const one = { id: headers['webhook-id'] ?? '', headers, body, event: JSON.parse(body) as WebhookEvent };
    receiver.received.push(one);
    receiver.answer(one, res);
  };
  let server = createServer();
  const receiver: Receiver = {
    url: '',
    received: [],
    answer: (_request, res) => res.writeHead(204).end(),
    of: (type) => receiver.received.filter(({ event }) => event.type === type),
    stop: async () => {
      server.closeAllConnections();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
    start: async () => {
      server = createServer((req, res) => void listener(req, res));
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      ({ port } = server.address() as AddressInfo);
      receiver.url = `http://127.0.0.1:${String(port)}/hook?of=the-site`;
    },
  };
  await receiver.start();
  open.push(receiver);
  return receiver;
}

/** To be called when a test is over. */
export async function stopReceivers(): Promise<void> {
  await Promise.all(open.splice(0).map((receiver) => receiver.stop()));
}

/** Whether the library that sites use takes the request for genuine. */
export function isGenuine(secret: string, { headers, body }: Received): boolean {
  try {
    new Verifier(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

/** Manages the webhooks of one app, as the operator. */
export function managing(app: TestApp, appId = 'default') {
  const token = app.config.operatorKey ?? '';
  const request = <T>(method: string, path: string, body?: unknown): Promise<Answer<T>> =>
    app.request<T>(method, `/admin/apps/${appId}/webhooks${path}`, {
      token,
      ...(body === undefined ? {} : { body }),
    });
  const deliveries = async (id: string, query = '') =>
    (await request<{ items: WebhookDelivery[]; next: string | null }>('GET', `/${id}/deliveries${query}`)).body;
  return {
    request,
    add: async (url: string, ...events: WebhookSubscription[]) => {
      const answer = await request<WebhookWithSecret>('POST', '', { url, events });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    deliveries,
    /** The newest delivery, once it has come to this. */
    settled: (id: string, status: WebhookDelivery['status']) =>
      eventually(async () => {
        const [newest] = (await deliveries(id)).items;
        return newest?.status === status ? newest : undefined;
      }),
  };
}
