/* t() with the words of the register. */
import zh from '../../i18n/zh-CN/register';
import { pageWords } from '../text';

export const t = pageWords(zh, () => import('../../i18n/en/register'));
