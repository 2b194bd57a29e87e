/* One act on many requests: each goes for itself, under its own key, with its own verdict. They are held back for some
 * seconds, in which all can be taken back before anything is sent; an answer or a close cannot be unsaid afterwards. */
import { computed, reactive, shallowRef } from 'vue';
import { onSent, outbox, takeBack } from '../../shared/outbox';
import type { ActDraft, ActName, Request } from '../types';
import * as board from './store';

export const HOLD_MS = 6000;
export const BULK_ACTS = ['claim', 'accept', 'dispatch', 'answer', 'close'] as const;
export type BulkAct = (typeof BULK_ACTS)[number];
export type Verdict = 'held' | 'sending' | 'done' | 'offline' | 'conflict' | 'refused' | 'back';

export interface BulkRow {
  request: Request;
  key: string;
  heldUntil: number;
}

/** What it means for this request; null: not possible now. Closing is closing after a check, or at once where nobody began. */
export function actFor(act: BulkAct, r: Request): ActName | null {
  if (act !== 'close') return r.acts.includes(act) ? act : null;
  return r.acts.includes('close') ? 'close' : r.acts.includes('close_now') ? 'close_now' : null;
}

const rows = shallowRef<BulkRow[]>([]);
const arrived = reactive(new Set<string>());
const back = reactive(new Set<string>());
onSent((_request, key) => arrived.add(key));

export const bulkRows = computed(() => rows.value);

export function verdictOf(row: BulkRow, deviceNow: number): { verdict: Verdict; why: string } {
  if (back.has(row.key)) return { verdict: 'back', why: '' };
  const item = outbox.value.find((i) => i.key === row.key);
  if (arrived.has(row.key) || !item) return { verdict: 'done', why: '' };
  if (item.state !== 'waiting') return { verdict: item.state, why: item.problem ?? '' };
  if (row.heldUntil > deviceNow) return { verdict: 'held', why: '' };
  return { verdict: navigator.onLine ? 'sending' : 'offline', why: '' };
}

export async function doAll(act: BulkAct, list: readonly Request[], more: Omit<ActDraft, 'act'>): Promise<void> {
  const todo = list.flatMap((request) => {
    const name = actFor(act, request);
    return name ? [{ request, draft: { act: name, ...more } as ActDraft }] : [];
  });
  const heldUntil = Date.now() + HOLD_MS;
  const keys = await board.actAll(todo, HOLD_MS);
  rows.value = todo.map(({ request }, i) => ({ request, key: keys[i] ?? '', heldUntil }));
}

/** How many were taken back, and how many had been sent. */
export async function undoAll(): Promise<{ undone: number; sent: number }> {
  const taken = new Set(await takeBack(rows.value.map((row) => row.key)));
  for (const row of rows.value) {
    if (!taken.has(row.key)) continue;
    back.add(row.key);
    board.restore(row.request);
  }
  return { undone: taken.size, sent: rows.value.length - taken.size };
}

export const clearRows = (): void => {
  rows.value = [];
};
