/* t() with the words of notices, and the household's notices. */
import { computed, shallowRef } from 'vue';
import zh from '../i18n/zh-CN/notice';
import { api, ApiError, call, type Schemas } from '../shared/api';
import { pageText, type KeyOf, type Values } from '../shared/i18n';
import { cacheGet, cacheSet } from '../shared/keep';
import type { Key } from './text';

export const t: (key: Key | KeyOf<typeof zh>, values?: Values) => string = pageText(zh, () => import('../i18n/en/notice'));

export type MyNotice = Schemas['MyNotice'];

const list = shallowRef<readonly MyNotice[] | null>(null);
export const notices = computed(() => list.value);
export const isUnread = (n: MyNotice): boolean =>
  n.phase === 'current' && (n.mark === 'none' || n.mark === 'not_home' || (n.wants_confirm && n.mark !== 'confirmed' && n.mark !== 'told'));

/** From the server, or what was kept when there is no network. */
export async function loadNotices(): Promise<void> {
  try {
    list.value = (await call(api.GET('/api/v1/notices/mine'))).items;
    await cacheSet('notices', list.value);
  } catch (fault) {
    if (!(fault instanceof ApiError) || !fault.isPassing) throw fault;
    list.value ??= (await cacheGet<MyNotice[]>('notices')) ?? [];
  }
}

/** Reading counts as read; it never takes back a confirmation. */
export async function mark(id: string, confirmed: boolean): Promise<void> {
  const { mark: now } = await call(api.PUT('/api/v1/notices/{id}/receipt', { params: { path: { id } }, body: { confirmed } }));
  list.value = (list.value ?? []).map((n) => (n.id === id ? { ...n, mark: now } : n));
}
