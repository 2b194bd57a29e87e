/* t() with the words of imports. */
import zh from '../../i18n/zh-CN/imports';
import { pageWords } from '../text';

export const t = pageWords(zh, () => import('../../i18n/en/imports'));
