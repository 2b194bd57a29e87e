import zh from '../../i18n/zh-CN/calls';
import { pageWords } from '../text';

export const t = pageWords(zh, () => import('../../i18n/en/calls'));
