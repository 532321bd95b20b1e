import { Resolver } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** An address that a connection may be made to. */
export interface PublicAddress {
  address: string;
  family: 4 | 6;
}

/** IPv4 that is not of the public internet, by IANA's registry of special purposes. */
const NOT_PUBLIC_4 = blockList('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Looks public, and is the host's side of every machine at Azure.
  '168.63.129.16/32',
]);

/** All public IPv6 is in here: mapped IPv4, NAT64, local, link-local, multicast and the rest are not. */
const PUBLIC_6 = blockList('ipv6', ['2000::/3']);

/** But for these: Teredo and other protocols, documentation, and 6to4, which carries any IPv4 inside. */
const NOT_PUBLIC_6 = blockList('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

const LOOPBACK_4 = blockList('ipv4', ['127.0.0.0/8']);
const LOOPBACK_6 = blockList('ipv6', ['::1/128']);

/** What a name server that answers nothing may take. */
const DNS_TIMEOUT_MS = 2_000;
const DNS_TRIES = 2;

function blockList(family: 'ipv4' | 'ipv6', nets: string[]): BlockList {
  const list = new BlockList();
  for (const net of nets) {
    const [base = '', bits] = net.split('/');
    list.addSubnet(base, Number(bits), family);
  }
  return list;
}

/** Whether an IP address is one of the public internet; `allowLoopback` admits 127.0.0.0/8 and ::1, nothing else. */
export function isPublic(address: string, allowLoopback: boolean): boolean {
  switch (isIP(address)) {
    case 4:
      return !NOT_PUBLIC_4.check(address) || (allowLoopback && LOOPBACK_4.check(address));
    case 6:
      return (
        (PUBLIC_6.check(address, 'ipv6') && !NOT_PUBLIC_6.check(address, 'ipv6')) ||
        (allowLoopback && LOOPBACK_6.check(address, 'ipv6'))
      );
    default:
      return false;
  }
}

/**
 * All addresses of a host, asked from the name servers themselves: the system's own lookup holds one of a few threads for as long as a
 * foreign name server likes, and knows names of the local network. An empty list: there are none, or nobody answered.
 *
 * @param host a name or an IP address, as `URL` has normalised it, without brackets
 * @param dns name servers to ask (`127.0.0.1:53`) instead of the system's
 */
export async function lookUp(host: string, signal: AbortSignal, dns?: string[]): Promise<PublicAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family: family === 4 ? 4 : 6 }];
  const name = host.replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) {
    return [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
  }
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  if (dns) resolver.setServers(dns);
  const cancel = () => {
    resolver.cancel();
  };
  signal.addEventListener('abort', cancel, { once: true });
  const none = (): string[] => [];
  const [four, six] = await Promise.all([resolver.resolve4(name).catch(none), resolver.resolve6(name).catch(none)]);
  signal.removeEventListener('abort', cancel);
  return [
    ...four.map((address) => ({ address, family: 4 as const })),
    ...six.map((address) => ({ address, family: 6 as const })),
  ];
}
