/* Who may be given a request of a unit: everybody whose post works there. The server checks it again. */
import { api, call } from '../../shared/api';
import type { PickOption } from '../parts/Pick.vue';
import { t } from '../text';
import type { Post, Request, Role } from '../types';

const WORKS: ReadonlySet<Role> = new Set<Role>([
  'leader', 'cadre', 'grid_manager', 'captain', 'volunteer', 'property', 'medic', 'police', 'secretary',
]);
const PAGE = 500;
/* those nearest to the door first */
const NEAR: Record<Post['scope_kind'], number> = { unit: 0, grid: 1, community: 2 };

export async function allPosts(): Promise<Post[]> {
  const all: Post[] = [];
  let after: string | null | undefined;
  do {
    const query = after ? { limit: PAGE, after } : { limit: PAGE };
    const page: { items: Post[]; next: string | null } = await call(api.GET('/api/v1/posts', { params: { query } }));
    all.push(...page.items);
    after = page.next;
  } while (after);
  return all;
}

export function takersOf(r: Pick<Request, 'unit_id' | 'grid_id' | 'owner'>, posts: readonly Post[]): PickOption[] {
  const near = posts
    .filter((p) => WORKS.has(p.role))
    .filter((p) => p.scope_kind === 'community' || p.scope_id === r.unit_id || p.scope_id === r.grid_id)
    .filter((p) => p.account_id !== r.owner?.id)
    .sort((a, b) => NEAR[a.scope_kind] - NEAR[b.scope_kind]);
  const out = new Map<string, PickOption>();
  for (const p of near) {
    const known = out.get(p.account_id);
    const role = t(`role.${p.role}`);
    if (!known) out.set(p.account_id, { value: p.account_id, label: p.account_name, note: role });
    else if (!known.note?.includes(role)) known.note += `、${role}`;
  }
  return [...out.values()];
}

/** Who could take at least one of them; the server says for each whether they may. */
export function takersOfAll(list: readonly Pick<Request, 'unit_id' | 'grid_id' | 'owner'>[], posts: readonly Post[]): PickOption[] {
  const out = new Map<string, PickOption>();
  const places = new Map(list.map((r) => [`${r.grid_id}/${r.unit_id}`, { unit_id: r.unit_id, grid_id: r.grid_id, owner: null }]));
  for (const place of places.values()) for (const option of takersOf(place, posts)) out.set(option.value, option);
  return [...out.values()];
}
