/* t() with the words of oversight. */
import zh from '../../i18n/zh-CN/oversight';
import { pageWords } from '../text';

export const t = pageWords(zh, () => import('../../i18n/en/oversight'));
