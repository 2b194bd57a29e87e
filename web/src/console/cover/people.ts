/* Who holds a post: to choose from. One entry a person, with what they are. */
import { shallowRef } from 'vue';
import { api, call } from '../../shared/api';
import type { PickOption } from '../parts/Pick.vue';
import { t } from './text';

export const people = shallowRef<PickOption[]>([]);

export async function loadPeople(): Promise<void> {
  const { items } = await call(api.GET('/api/v1/posts', { params: { query: { limit: 500 } } }));
  const found = new Map<string, PickOption>();
  for (const post of items) {
    const note = `${t(`role.${post.role}`)} · ${post.scope_name}`;
    const known = found.get(post.account_id);
    if (known) known.note = `${known.note}、${note}`;
    else found.set(post.account_id, { value: post.account_id, label: post.account_name, note });
  }
  people.value = [...found.values()].sort((a, b) => a.label.localeCompare(b.label, 'zh-CN'));
}
