import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';

/** A name server of a test. */
export interface TestDns {
  /** As {@link OutboundRequest.dns} takes it. */
  servers: string[];
  /** What a name leads to: the addresses of each question for IPv4 in turn, the last for good. IPv6 is asked apart, and not counted. */
  set: (name: string, ...turns: string[][]) => void;
  close: () => Promise<void>;
}

const TYPE_A = 1;
const TYPE_AAAA = 28;

/** Answers over UDP on a free loopback port; names it does not know do not exist. */
export async function startDns(): Promise<TestDns> {
  const names = new Map<string, { turns: string[][]; asked: number }>();
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    const known = names.get(name);
    const turn = known?.turns[Math.min(known.asked, known.turns.length - 1)] ?? [];
    if (known && type === TYPE_A) known.asked += 1;
    const records = turn.filter((address) => isIP(address) === (type === TYPE_AAAA ? 6 : 4)).map(record);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(known ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...records]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    servers: [`127.0.0.1:${String(socket.address().port)}`],
    set: (name, ...turns) => names.set(name, { turns, asked: 0 }),
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** Of the name that was asked for, good for no time at all. */
function record(address: string): Buffer {
  const data = isIP(address) === 4 ? Buffer.from(address.split('.').map(Number)) : sixteen(address);
  const head = Buffer.from([0xc0, 0x0c, 0, data.length === 4 ? TYPE_A : TYPE_AAAA, 0, 1, 0, 0, 0, 0, 0, data.length]);
  return Buffer.concat([head, data]);
}

function sixteen(address: string): Buffer {
  const [left = '', right] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)));
  const [first, last] = [groups(left), groups(right ?? '')];
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]));
}
