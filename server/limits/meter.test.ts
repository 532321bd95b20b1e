import { describe, expect, test } from 'vitest';
import { Meter, pricesOf } from './meter.ts';
import { CLASS_NAMES, LIMIT_CLASSES } from './table.ts';

const MESSAGES = CLASS_NAMES.indexOf('messages');
const { times, seconds } = LIMIT_CLASSES.messages.socket;

/** Takes as many as it can at this moment. */
function drain(meter: Meter, now: number): number {
  let taken = 0;
  for (; meter.wait(MESSAGES, now) === 0 && taken < 10 * times; taken += 1) meter.take(MESSAGES, now);
  return taken;
}

describe('a meter', () => {
  test('gives all at once, then in proportion, then all again', () => {
    const meter = new Meter('socket', '', pricesOf('socket', 1));
    expect(drain(meter, 1_000)).toBe(times);
    const wait = meter.wait(MESSAGES, 1_000);
    expect(wait).toBeCloseTo((seconds * 1_000) / times);
    expect(drain(meter, 1_000 + wait + 1)).toBe(1);
    expect(drain(meter, 1_000 + 10 * wait + 1)).toBe(9);
    expect(drain(meter, 1_000_000)).toBe(times);
  });

  test('tells when there is room again, to the millisecond', () => {
    const meter = new Meter('socket', '', pricesOf('socket', 1));
    for (let now = 0; now < 20_000; now += 7) {
      const wait = meter.wait(MESSAGES, now);
      if (wait === 0) meter.take(MESSAGES, now);
      else
        expect([meter.wait(MESSAGES, now + wait - 0.01) > 0, meter.wait(MESSAGES, now + wait + 0.01)]).toEqual([
          true,
          0,
        ]);
    }
  });

  test('is multiplied by the factor, and never nothing', () => {
    expect(drain(new Meter('socket', '', pricesOf('socket', 0.1)), 0)).toBe(times / 10);
    expect(drain(new Meter('socket', '', pricesOf('socket', 0.000_001)), 0)).toBe(1);
  });

  test('is closed until the others have room, too', () => {
    const meter = new Meter('user', 'u', pricesOf('user', 1));
    meter.close(MESSAGES, 5_000);
    expect(meter.wait(MESSAGES, 1_000)).toBeCloseTo(4_000);
    expect(meter.wait(MESSAGES, 5_000)).toBe(0);
  });

  test('can be forgotten once all is paid back and nobody holds it', () => {
    const meter = new Meter('socket', '', pricesOf('socket', 1));
    drain(meter, 0);
    expect([meter.idle(1_000), meter.idle(seconds * 1_000)]).toEqual([false, true]);
    meter.holders = 1;
    expect(meter.idle(seconds * 1_000)).toBe(false);
  });

  test('no class costs another anything', () => {
    const meter = new Meter('socket', '', pricesOf('socket', 1));
    drain(meter, 0);
    expect(meter.wait(CLASS_NAMES.indexOf('signals'), 0)).toBe(0);
  });
});
