/* t() with the words of notices. */
import zh from '../../i18n/zh-CN/notice';
import { pageWords } from '../text';

export const t = pageWords(zh, () => import('../../i18n/en/notice'));
