/* Times as people read them: the zone is the community's, not the device's. */
import { beforeEach, describe, expect, it } from 'vitest';
import { clockText, leftText, spanText, toMs, whenText } from '../src/shared/time';
import { setLanguage } from '../src/shared/i18n';

const at = (text: string) => toMs(text) as number;
const NOW = at('2026-04-23T09:00:00+08:00');

describe('times', () => {
  beforeEach(() => setLanguage('zh-CN'));

  it('are shown in Shanghai, whatever zone they were written in', () => {
    expect(clockText(at('2026-04-23T01:05:00Z'))).toBe('09:05');
    expect(clockText(at('2026-04-23T23:30:00-01:00'))).toBe('08:30');
  });

  it('name the day as people do, also across midnight', () => {
    expect(whenText(at('2026-04-23T23:59:00+08:00'), NOW)).toBe('今天 23:59');
    expect(whenText(at('2026-04-24T00:00:00+08:00'), NOW)).toBe('明天 00:00');
    expect(whenText(at('2026-04-22T08:00:00+08:00'), NOW)).toBe('昨天 08:00');
    expect(whenText(at('2026-05-01T08:00:00+08:00'), NOW)).toContain('5月1日');
  });

  it('never say zero minutes', () => {
    expect(spanText(20_000)).toContain('1');
    expect(spanText(-20_000)).toContain('1');
    expect(spanText(26 * 3600_000)).toContain('1');
  });

  it('tell what is left, what is over and what stands still', () => {
    expect(leftText(NOW + 2 * 3600_000, NOW)).toMatch(/还剩.*2/);
    expect(leftText(NOW - 20 * 60_000, NOW)).toMatch(/超.*20/);
    expect(leftText(NOW + 1000, NOW, true)).not.toMatch(/还剩/);
  });

  it('refuse what is no time', () => {
    expect(toMs('soon')).toBeNull();
    expect(toMs(null)).toBeNull();
  });
});
