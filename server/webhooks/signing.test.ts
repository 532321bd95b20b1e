import { Webhook as Verifier } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { newSecret, signed } from './signing.ts';

it('signs as the libraries of Standard Webhooks do', () => {
  // The example of the libraries' own tests.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const headers = signed([secret], 'msg_p5jXN8AQM9LWM0D4loKWxJek', new Date(1_614_265_330_000), '{"test": 2432232314}');
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('makes secrets that they take, never the same', () => {
  const [one, other] = [newSecret(), newSecret()];
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(one).not.toBe(other);
  const body = '{"nickname":"민지 👋"}';
  const headers = signed([other, one], 'id', new Date(), body);
  for (const secret of [one, other]) {
    expect(new Verifier(secret).verify(body, headers)).toEqual({ nickname: '민지 👋' });
  }
  expect(() => new Verifier(newSecret()).verify(body, headers)).toThrow('No matching signature found');
  expect(() => new Verifier(one).verify(`${body} `, headers)).toThrow('No matching signature found');
});
