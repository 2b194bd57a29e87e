/* t() with the words of sign-ups. */
import zh from '../../i18n/zh-CN/sign-up';
import { pageWords } from '../text';

export const t = pageWords(zh, () => import('../../i18n/en/sign-up'));
