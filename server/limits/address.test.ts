import { expect, test } from 'vitest';
import { addressOf, networkOf } from './address.ts';

const from = (remoteAddress: string, forwarded?: string) => ({
  socket: { remoteAddress },
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
});

test.each<[string, number, string, string | undefined, string]>([
  ['no proxy, nothing is believed', 0, '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['one proxy', 1, '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['one proxy, somebody else’s address forged before it', 1, '10.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['two proxies', 2, '10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['two proxies, a long forged list', 2, '10.0.0.1', '1.1.1.1, 2.2.2.2, 203.0.113.9,10.0.0.2', '203.0.113.9'],
  ['round the outer of two proxies', 2, '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['round all proxies', 1, '203.0.113.9', undefined, '203.0.113.9'],
  ['what is no address', 1, '10.0.0.1', 'unknown', '10.0.0.1'],
  ['nothing', 1, '10.0.0.1', '', '10.0.0.1'],
  ['a port', 1, '10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
  ['IPv6 with a port', 1, '10.0.0.1', '[2001:db8:1:2:3::4]:4711', '2001:db8:1:2::/64'],
  ['IPv6 in brackets', 1, '10.0.0.1', '[2001:db8:1:2:3::4]', '2001:db8:1:2::/64'],
])('%s', (_name, hops, remote, forwarded, address) => {
  expect(addressOf(from(remote, forwarded), hops)).toBe(address);
});

test('one who has a network of IPv6 is one place, however the address is written', () => {
  const same = [
    '2001:db8:a:b::1',
    '2001:db8:a:b:ffff:ffff:ffff:ffff',
    '2001:0DB8:000a:000B:0:0:0:2',
    '2001:db8:a:b::%eth0',
  ];
  expect(new Set(same.map(networkOf))).toEqual(new Set(['2001:db8:a:b::/64']));
  expect(networkOf('2001:db8:a:c::1')).toBe('2001:db8:a:c::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
});

test('IPv4 within IPv6 is IPv4', () => {
  expect(networkOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
  expect(networkOf('::ffff:cb00:7109')).toBe('203.0.113.9');
});
