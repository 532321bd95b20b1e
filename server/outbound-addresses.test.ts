import { describe, expect, it } from 'vitest';
import { checkOutboundName, checkOutboundUrl, fetchOutside, OutboundError } from './outbound.ts';

const PUBLIC_ONLY = { outboundAllowLoopback: false };
const WITH_LOOPBACK = { outboundAllowLoopback: true };

const reasonOf = async (asking: Promise<unknown>): Promise<unknown> =>
  asking.then(
    () => 'it was answered',
    (error: unknown) => (error instanceof OutboundError ? error.reason : error),
  );

const get = (url: string, rules: { outboundAllowLoopback: boolean }) =>
  fetchOutside(rules, { url, timeoutMs: 5_000, maxBytes: 1_000 });

/** Every kind of address that is not of the public internet, in every spelling. */
const PRIVATE = [
  ...['127.0.0.1', '127.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.1', '017700000001', '0177.0.0.1'],
  ...['127.0.0.1.', '%31%32%37.0.0.1', '①②⑦.⓪.⓪.①', 'localhost', 'LOCALHOST', 'localhost.', 'any.localhost'],
  ...['0.0.0.0', '0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  ...['169.254.169.254', '2852039166', '0xa9.0xfe.0xa9.0xfe', '100.64.0.1', '100.127.255.255', '192.0.0.8'],
  ...['192.0.2.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '192.88.99.1', '168.63.129.16'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:10.0.0.1]'],
  ...['[::ffff:0:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b::10.0.0.1]', '[64:ff9b:1::a00:1]'],
  ...['[2002:7f00:1::]', '[2002:a00:1::1]', '[2002:a9fe:a9fe::]', '[2001:0:53aa:64c:0:0:80ff:fffe]', '[2001:db8::1]'],
  ...['[fe80::1]', '[febf::1]', '[fec0::1]', '[fc00::1]', '[fd00:ec2::254]', '[ff02::1]', '[100::1]', '[3fff::1]'],
];

describe('addresses', () => {
  it.each(PRIVATE)('refuses %s', async (host) => {
    for (const url of [`http://${host}/`, `https://${host}:8443/`]) {
      expect(await reasonOf(get(url, PUBLIC_ONLY))).toBe('refused');
      expect(await reasonOf(checkOutboundName(PUBLIC_ONLY, url))).toBe('refused');
    }
  });

  const ofThisMachine = (host: string) => /^(127\.|\[::1\]|(.*\.)?localhost)/.test(new URL(`http://${host}/`).hostname);
  it.each(PRIVATE.filter((host) => !ofThisMachine(host)))(
    'refuses %s even where this machine may be asked',
    async (host) => {
      expect(await reasonOf(get(`http://${host}/`, WITH_LOOPBACK))).toBe('refused');
    },
  );

  it.each(['8.8.8.8', '1.1.1.1:8080', '172.32.0.1', '100.128.0.1', '[2606:4700:4700::1111]', 'example.com'])(
    'would ask %s',
    (host) => {
      expect(checkOutboundUrl(PUBLIC_ONLY, `https://${host}/hook`).protocol).toBe('https:');
    },
  );

  it.each([
    ...[
      'ftp://example.com/',
      'file:///etc/passwd',
      'gopher://example.com/',
      'data:text/plain,x',
      'javascript:1',
      'ws://a.b/',
    ],
    ...['https://user@example.com/', 'https://user:password@example.com/', 'https://:password@example.com/'],
    ...['https://example.com:22/', 'http://example.com:25/', 'https://example.com:993/', 'https://example.com:0/'],
    ...['', '/hook', 'example.com', 'https://', 'https://exa mple.com/', 'http://[::1', 'http://1.2.3.256/'],
  ])('refuses %j', (url) => {
    expect(() => checkOutboundUrl(WITH_LOOPBACK, url)).toThrow(OutboundError);
  });
});
