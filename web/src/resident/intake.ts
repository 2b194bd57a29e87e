/* t() with the words of intake, and what its pages share. */
import zh from '../i18n/zh-CN/intake';
import { api, call, type Schemas } from '../shared/api';
import { pageText, type KeyOf, type Values } from '../shared/i18n';
import type { Key } from './text';
/* here, and not in the pages: a chunk of styles alone is no file, and the service worker would wait for it in vain */
import './parts/place.css';
import './parts/timeline.css';

export const t: (key: Key | KeyOf<typeof zh>, values?: Values) => string = pageText(zh, () => import('../i18n/en/intake'));

export type Similar = Schemas['Similar'];

/** What was reported already; empty without network: a report is never held up by this question. */
export async function similarTo(category: Schemas['CategoryCode'] | '', text: string): Promise<Similar[]> {
  try {
    return (await call(api.POST('/api/v1/requests/similar', { body: { text, ...(category ? { category } : {}) } }))).items;
  } catch {
    return [];
  }
}

export async function setFollowing(id: string, on: boolean): Promise<void> {
  const params = { path: { id } };
  if (on) await call(api.POST('/api/v1/requests/{id}/follow', { params }));
  else await call(api.DELETE('/api/v1/requests/{id}/follow', { params }));
}

/** Judgements that need a reason. */
export const isPoor = (rating: number | null): boolean => rating !== null && rating <= 2;
