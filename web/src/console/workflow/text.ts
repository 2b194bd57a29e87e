/* t() with the words of the workflow's rules. */
import zh from '../../i18n/zh-CN/workflow';
import { pageWords } from '../text';

export const t = pageWords(zh, () => import('../../i18n/en/workflow'));
