/* t() of the resident face, and the words for codes that come from the server. */
import { faceText, type KeyOf, type SharedKey } from '../shared/i18n';
import zh from '../i18n/zh-CN/resident';

export const t = faceText(zh, () => import('../i18n/en/resident'));
export type Key = SharedKey | KeyOf<typeof zh>;

export const categoryText = (code: string): string => t(`category.${code}` as Key);
export const stateText = (state: string): string => t(`state.${state}` as Key);
export const entryText = (act: string): string => t(`entry.${act}` as Key);
export const ratingText = (rating: number): string => t(`rating.r${rating}` as Key);
