/* Words: filling in, and that both languages say the same things. */
import { describe, expect, it } from 'vitest';
import { fill, type Words } from '../src/shared/i18n';
import enConsole from '../src/i18n/en/console';
import enResident from '../src/i18n/en/resident';
import enShared from '../src/i18n/en/shared';
import zhConsole from '../src/i18n/zh-CN/console';
import zhResident from '../src/i18n/zh-CN/resident';
import zhShared from '../src/i18n/zh-CN/shared';

function leaves(words: Words, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : leaves(value, `${path}${key}.`),
  );
}
const slots = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe('words', () => {
  it('fill in values, and leave what is not given', () => {
    expect(fill({ a: { b: '{n} 件，{x}' } }, 'a.b', { n: 3 })).toBe('3 件，{x}');
  });

  it('show the key when there is no text', () => {
    expect(fill({ a: 'x' }, 'a.b.c', {})).toBe('a.b.c');
    expect(fill(undefined, 'a', {})).toBe('a');
  });

  for (const [name, zh, en] of [
    ['shared', zhShared, enShared],
    ['resident', zhResident, enResident],
    ['console', zhConsole, enConsole],
  ] as [string, Words, Words][]) {
    it(`of ${name} have the same keys and values in both languages, and none is empty`, () => {
      const english = new Map(leaves(en));
      for (const [key, text] of leaves(zh)) {
        const other = english.get(key);
        expect(text.trim(), key).not.toBe('');
        expect(other?.trim() ?? '', key).not.toBe('');
        /* English dates name day before month; otherwise a value must not get lost */
        expect(slots(other ?? ''), key).toEqual(slots(text));
        english.delete(key);
      }
      expect([...english.keys()]).toEqual([]);
    });
  }
});
