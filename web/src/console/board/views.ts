/* Filters that somebody named. They lie on this device, under the account: a filter is a habit of one desk, and a table on
 * the server would have to be kept, exported and forgotten for it. The address of the board carries a filter to others. */
import { shallowRef } from 'vue';
import { filterRead, filterWrite, type Filter } from './filter';

export interface View {
  name: string;
  query: Record<string, string>;
}

const VIEWS_MAX = 20;
const NAME_MAX = 40;
const key = (account: string): string => `dy.views.${account}`;

export const views = shallowRef<View[]>([]);

function isView(value: unknown): value is View {
  const v = value as Partial<View> | null;
  return typeof v?.name === 'string' && typeof v.query === 'object' && v.query !== null;
}

export function loadViews(account: string): void {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(account)) ?? '[]');
    views.value = Array.isArray(stored) ? stored.filter(isView).slice(0, VIEWS_MAX) : [];
  } catch {
    views.value = [];
  }
}

function write(account: string, next: View[]): void {
  views.value = next;
  try {
    localStorage.setItem(key(account), JSON.stringify(next));
  } catch {
    /* kept for this page only */
  }
}

/** The same name again means the new one. */
export function saveView(account: string, name: string, filter: Filter): void {
  const view: View = { name: name.trim().slice(0, NAME_MAX), query: filterWrite(filter) as Record<string, string> };
  write(account, [...views.value.filter((v) => v.name !== view.name), view].slice(-VIEWS_MAX));
}

export const removeView = (account: string, name: string): void => write(account, views.value.filter((v) => v.name !== name));
export const isSame = (view: View, filter: Filter): boolean => JSON.stringify(filterWrite(filterRead(view.query))) === JSON.stringify(filterWrite(filter));
