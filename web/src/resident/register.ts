/* t() with the words of the register. */
import zh from '../i18n/zh-CN/register';
import { pageText, type KeyOf, type Values } from '../shared/i18n';
import type { Key } from './text';

export const t: (key: Key | KeyOf<typeof zh>, values?: Values) => string = pageText(zh, () => import('../i18n/en/register'));
