/* What the resident face decides by itself: words that mean "phone first", what a household may count on. */
import { describe, expect, it } from 'vitest';
import { emergencyOf } from '../src/resident/danger';
import { isPhone } from '../src/resident/draft';
import { promiseOf } from '../src/resident/promise';
import type { Request } from '../src/resident/requests';
import { toMs } from '../src/shared/time';

const NOW = toMs('2026-04-23T09:00:00+08:00') as number;
const base = {
  state: 'reported', responded_at: null, respond_due_at: '2026-04-23T09:05:00+08:00', close_due_at: '2026-04-23T20:00:00+08:00',
} as Request;

describe('dangerous words', () => {
  it('name the number to call', () => {
    expect(emergencyOf('我爸晕倒了')).toBe('120');
    expect(emergencyOf('楼上在打人')).toBe('110');
    expect(emergencyOf('三楼起火')).toBe('119');
    expect(emergencyOf('Grandma is UNCONSCIOUS')).toBe('120');
  });

  it('fire comes before injury: the fire brigade brings both', () => {
    expect(emergencyOf('起火了，有人晕倒')).toBe('119');
  });

  it('are not found where there are none', () => {
    expect(emergencyOf('楼道灯坏了')).toBeNull();
    expect(emergencyOf('fireworks are pretty')).toBeNull();
  });
});

describe('a promise', () => {
  it('is the first response while nobody has answered', () => {
    expect(promiseOf(base, NOW)).toEqual({ text: '今天 09:05 前有人回复您', isLate: false });
  });

  it('is the close once somebody has', () => {
    const answered = { ...base, state: 'working', responded_at: '2026-04-23T08:59:00+08:00' } as Request;
    expect(promiseOf(answered, NOW)?.text).toBe('承诺 今天 20:00 前办好');
  });

  it('that is past is said to be late', () => {
    expect(promiseOf(base, NOW + 3600_000)?.isLate).toBe(true);
  });

  it('is the household’s own word when it is asked, and nothing when it has ended', () => {
    expect(promiseOf({ ...base, state: 'done' } as Request, NOW + 9e7)?.isLate).toBe(false);
    expect(promiseOf({ ...base, state: 'closed' } as Request, NOW)).toBeNull();
  });
});

describe('a phone number', () => {
  it('may be left out, and has digits, blanks and hyphens', () => {
    for (const good of ['', '120', '0580-123 4567', '+86 13800000000']) expect(isPhone(good), good).toBe(true);
    for (const bad of ['12', 'abc', '1380000000000000000000', '---', '138+1']) expect(isPhone(bad), bad).toBe(false);
  });
});
