/* Words in two languages, with keys the compiler knows.
 *
 * zh-CN is the default and comes with the page; English is loaded when it is wanted. Words live in src/i18n/<language>/:
 * shared.ts (states, categories, roles, problems), resident.ts and console.ts. A face calls faceText() once and gets a
 * t() whose key must exist in the shared or its own file; the English files are typed by the Chinese ones, so that a
 * missing translation does not compile. "{name}" inside a text is filled in.
 *
 * Why no library: looking up a key and filling in a value is all we need, and petite-vue-i18n 11.3 added 32 KiB gz to a
 * first page of 60 (measured 2026-11; everything else here is 23). */
import { computed, ref, shallowReactive, type ComputedRef } from 'vue';
import sharedZh from '../i18n/zh-CN/shared';

export type Language = 'zh-CN' | 'en';
export interface Words {
  readonly [key: string]: string | Words;
}
/** The same keys, any words: what a translation must look like. */
export type Translation<T> = { [K in keyof T]: T[K] extends string ? string : Translation<T[K]> };
/** "state.reported" for every leaf. */
export type KeyOf<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : KeyOf<T[K], `${P}${K}.`>;
}[keyof T & string];
export type SharedKey = KeyOf<typeof sharedZh>;
export type Values = Record<string, string | number>;

const STORED = 'dy.language';
const loaded = shallowReactive<Partial<Record<Language, Words>>>({ 'zh-CN': sharedZh });
const current = ref<Language>('zh-CN');
let loadEnglish: () => Promise<Words> = async () => ({});

export const language: ComputedRef<Language> = computed(() => current.value);

/** The text of a key and its values: pure, for tests. A missing key shows itself. */
export function fill(words: Words | undefined, key: string, values: Values): string {
  let at: string | Words | undefined = words;
  for (const part of key.split('.')) at = typeof at === 'object' ? at[part] : undefined;
  if (typeof at !== 'string') return key;
  return at.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

function translate(key: string, values: Values = {}): string {
  return fill(loaded[current.value], key, values);
}

/** For shared components: words of shared.ts only. Reactive: use it in templates and computed values. */
export const ts: (key: SharedKey, values?: Values) => string = translate;

/** Once per face: its Chinese words, and where its English ones are. */
export function faceText<T extends Words>(
  zh: T,
  en: () => Promise<{ default: Translation<T> }>,
): (key: SharedKey | KeyOf<T>, values?: Values) => string {
  loaded['zh-CN'] = { ...loaded['zh-CN'], ...zh };
  loadEnglish = async () => {
    const [shared, face] = await Promise.all([import('../i18n/en/shared'), en()]);
    return { ...shared.default, ...(face.default as Words) };
  };
  return translate;
}

/* Words of pages that came later than their face */
const pages = new Set<() => Promise<{ default: Words }>>();
let ready: Promise<unknown> = Promise.resolve();

async function loadPages(): Promise<void> {
  for (const en of [...pages]) {
    const words = (await en()).default;
    loaded.en = { ...loaded.en, ...words };
    pages.delete(en);
  }
}

/** Once per page whose words are in files of their own; they come with the page, and must be new names at the top. */
export function pageText<T extends Words>(zh: T, en: () => Promise<{ default: Translation<T> }>): (key: string, values?: Values) => string {
  loaded['zh-CN'] = { ...loaded['zh-CN'], ...zh };
  pages.add(en as () => Promise<{ default: Words }>);
  if (current.value === 'en') ready = loadPages();
  return translate;
}

/** The router waits for it before it shows a page. */
export const wordsReady = (): Promise<unknown> => ready;

/** The language this device is used in, before anybody has signed in. */
export function deviceLanguage(): Language {
  try {
    const stored = localStorage.getItem(STORED);
    if (stored === 'en' || stored === 'zh-CN') return stored;
  } catch {
    /* storage is off: private window */
  }
  return /^en\b/i.test(navigator.language) ? 'en' : 'zh-CN';
}

export async function setLanguage(next: Language, remember = true): Promise<void> {
  if (next === 'en') {
    loaded.en ??= await loadEnglish();
    await loadPages();
  }
  current.value = next;
  document.documentElement.lang = next;
  if (!remember) return;
  try {
    localStorage.setItem(STORED, next);
  } catch {
    /* it lasts for this page only */
  }
}
