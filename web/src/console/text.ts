/* The words of this face: t() knows the keys of shared.ts and console.ts. A page with files of its own
 * (src/i18n/<language>/<page>.ts, fetched with the page) makes its t() once, in the page's folder:
 *
 *   export const t = pageWords(zh, () => import('../../i18n/en/paste'));
 *
 * and then knows the shared words, those of the console and its own. The top names in a file must be new. */
import zh from '../i18n/zh-CN/console';
import { faceText, pageText, type KeyOf, type SharedKey, type Translation, type Values, type Words } from '../shared/i18n';

export type ConsoleKey = SharedKey | KeyOf<typeof zh>;
export const t = faceText(zh, () => import('../i18n/en/console'));

export const pageWords = <T extends Words>(
  own: T,
  en: () => Promise<{ default: Translation<T> }>,
): ((key: ConsoleKey | KeyOf<T>, values?: Values) => string) => pageText(own, en);
