import type { IncomingMessage } from 'node:http';
import { isIP, isIPv4 } from 'node:net';

/** The parts of a request that say where it comes from. */
interface Asking extends Pick<IncomingMessage, 'headers'> {
  socket: { remoteAddress?: string | undefined };
}

/**
 * Where a request comes from, for counting: what the outermost of the `hops` proxies that are believed has seen. Everything before it
 * in `X-Forwarded-For` was written by whoever asks, and is not looked at.
 *
 * @param hops `TRUST_PROXY`: exactly how many proxies are in front; 0 believes none
 * @returns an IPv4 address, or the first half of an IPv6 address, since whoever has one of those has all 2^64 below it
 */
export function addressOf(req: Asking, hops: number): string {
  const direct = req.socket.remoteAddress ?? '';
  if (hops === 0) return networkOf(direct);
  const header = req.headers['x-forwarded-for'];
  const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').reverse();
  // Fewer than there should be: somebody has gone round the outer proxies, and is the first that is known.
  const named = header === undefined ? undefined : forwarded[Math.min(hops, forwarded.length) - 1];
  return networkOf(bare(named ?? '') || direct);
}

/** Without the port that some proxies add. Empty: not an address. */
function bare(entry: string): string {
  const text = entry.trim();
  if (isIP(text)) return text;
  const [, inBrackets, beforePort] = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text) ?? [];
  const address = inBrackets ?? beforePort ?? '';
  return isIP(address) ? address : '';
}

/** What counts as one place: see {@link addressOf}. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const groups = expand(address);
  const [high = 0, low = 0] = groups.slice(6);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight groups of an IPv6 address. */
function expand(address: string): number[] {
  const [plain = ''] = address.split('%');
  const [head = '', tail] = withoutDots(plain).split('::');
  const before = read(head);
  const after = read(tail ?? '');
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

const read = (groups: string): number[] =>
  groups === '' ? [] : groups.split(':').map((group) => Number.parseInt(group, 16));

/** `::ffff:1.2.3.4` as `::ffff:102:304`. */
function withoutDots(address: string): string {
  const last = address.slice(address.lastIndexOf(':') + 1);
  if (!isIPv4(last)) return address;
  const [a = 0, b = 0, c = 0, d = 0] = last.split('.').map(Number);
  return `${address.slice(0, -last.length)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
