/* The words of this face: t() knows the keys of shared.ts and console.ts. */
import zh from '../i18n/zh-CN/console';
import { faceText } from '../shared/i18n';

export const t = faceText(zh, () => import('../i18n/en/console'));
