/* A post in words: 楼长（第三单元）. */
import { t } from '../text';
import type { Post } from '../types';

export function postText(p: Pick<Post, 'role' | 'scope_kind' | 'scope_name' | 'is_deputy'>): string {
  const scope = p.scope_kind === 'community' ? t('people.scopeKind.community') : p.scope_name;
  return t(p.is_deputy ? 'people.deputyText' : 'people.postText', { role: t(`role.${p.role}`), scope });
}
