/* Words: filling in, and that both languages say the same things. */
import { describe, expect, it } from 'vitest';
import { fill, type Words } from '../src/shared/i18n';

type Files = Record<string, { default: Words }>;
const byName = (files: Files) => new Map(Object.entries(files).map(([path, file]) => [path.replace(/^.*\/|\.ts$/g, ''), file.default]));
const zh = byName(import.meta.glob('../src/i18n/zh-CN/*.ts', { eager: true }) as Files);
const en = byName(import.meta.glob('../src/i18n/en/*.ts', { eager: true }) as Files);

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

  it('are in the same files for both languages', () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort());
    expect(zh.size).toBeGreaterThan(2);
  });

  /* a face's words, and those of its pages, are put together: a name that stands twice would hide the other */
  it('of pages have names at the top that no other file has', () => {
    const seen = new Map<string, string>();
    for (const [file, words] of zh) {
      if (file === 'resident') continue; /* the other face: never put together with the console's */
      for (const name of Object.keys(words)) {
        expect(seen.get(name), `${name} in ${file}`).toBeUndefined();
        seen.set(name, file);
      }
    }
  });

  for (const [name, chinese] of zh) {
    it(`of ${name} have the same keys and values in both languages, and none is empty`, () => {
      const english = new Map(leaves(en.get(name) ?? {}));
      for (const [key, text] of leaves(chinese)) {
        const other = english.get(key);
        expect(text.trim(), key).not.toBe('');
        expect(other?.trim() ?? '', key).not.toBe('');
        /* English dates name day before month; otherwise a value must not get lost */
        /* the blanks of templates are words for whoever fills them in, not values */
        if (!key.includes('.templates.')) expect(slots(other ?? ''), key).toEqual(slots(text));
        english.delete(key);
      }
      expect([...english.keys()]).toEqual([]);
    });
  }
});
