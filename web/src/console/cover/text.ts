/* t() with the words of cover. */
import zh from '../../i18n/zh-CN/cover';
import { pageWords } from '../text';

export const t = pageWords(zh, () => import('../../i18n/en/cover'));
