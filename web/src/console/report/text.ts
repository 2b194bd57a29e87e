/* t() with the words of intake at the desk. */
import zh from '../../i18n/zh-CN/desk';
import { pageWords } from '../text';

export const t = pageWords(zh, () => import('../../i18n/en/desk'));
