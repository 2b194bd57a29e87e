/* The server's clock, learned from Date headers in whole seconds. */
import { describe, expect, it } from 'vitest';
import { boundsOf, narrow, offsetOf, type Bounds } from '../src/shared/clock';

/** Answers of a server whose clock is `ahead` of ours, over a line with the given delays. */
function learn(ahead: number, delays: number[], start = 1_700_000_000_000): Bounds | null {
  let bounds: Bounds | null = null;
  delays.forEach((delay, i) => {
    const asked = start + i * 7919;
    const stamped = asked + ahead + delay * 0.6;
    bounds = narrow(bounds, boundsOf(asked, asked + delay, Math.floor(stamped / 1000) * 1000));
  });
  return bounds;
}

describe('the clock', () => {
  it('of a device that is an hour wrong is corrected to within a second', () => {
    for (const ahead of [3_600_000, -3_600_000, 61_000]) {
      for (let n = 1; n < 12; n += 1) {
        const bounds = learn(ahead, Array.from({ length: n }, (_, i) => 40 + ((i * 37) % 200)));
        expect(bounds && bounds.low <= ahead && bounds.high >= ahead).toBe(true);
        expect(Math.abs(offsetOf(bounds) - ahead)).toBeLessThan(1000);
      }
    }
  });
  it('of a device that is right is left alone', () => {
    for (const ahead of [0, 700, -900]) expect(offsetOf(learn(ahead, [30, 900, 40]))).toBe(0);
    expect(offsetOf(null)).toBe(0);
  });
  it('that somebody sets is learned anew from the next answer', () => {
    const before = learn(3_600_000, [40, 50]);
    const set = boundsOf(2_000_000_000_000, 2_000_000_000_040, 2_000_000_000_000);
    expect(narrow(before, set)).toEqual(set);
  });
  it('of a slow line says no more than it knows', () => {
    const slow = boundsOf(0, 30_000, 3_600_000);
    expect(slow.high - slow.low).toBeGreaterThanOrEqual(30_000);
  });
});
