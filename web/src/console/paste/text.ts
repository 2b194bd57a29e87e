/* t() with the words of this page. */
import zh from '../../i18n/zh-CN/paste';
import { pageWords } from '../text';

export const t = pageWords(zh, () => import('../../i18n/en/paste'));
