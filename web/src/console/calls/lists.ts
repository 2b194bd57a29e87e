/* Whom to call, from what is on the board: four lists, each in the order of need. */
import { columnOf } from '../board/columns';
import type { Request } from '../types';

export const LISTS = ['urgent', 'callback', 'elderly', 'ready'] as const;
export type List = (typeof LISTS)[number];

const FRAIL: ReadonlySet<Request['category']> = new Set<Request['category']>(['CARE', 'MED1', 'MED2']);

/** The first list a request belongs to; a person is called once. */
export function listOf(r: Request): List | null {
  if (columnOf(r) === 'ended') return null;
  if (r.urgent && r.owner === null && r.state !== 'done') return 'urgent';
  if (FRAIL.has(r.category) && r.responded_at === null) return 'elderly';
  /* asked for a word, or reported by phone or without an account and not answered yet */
  if (r.state === 'suspended' || r.category === 'PSYC' || (r.responded_at === null && (r.contact !== null || r.callback_code !== null))) {
    return r.state === 'done' ? 'ready' : 'callback';
  }
  return r.state === 'done' ? 'ready' : null;
}

export function listsOf(all: Iterable<Request>): Record<List, Request[]> {
  const out: Record<List, Request[]> = { urgent: [], callback: [], elderly: [], ready: [] };
  for (const r of all) {
    const list = listOf(r);
    if (list) out[list].push(r);
  }
  for (const list of LISTS) out[list].sort((a, b) => Number(b.urgent) - Number(a.urgent) || (a.created_at < b.created_at ? -1 : 1));
  return out;
}

/** Whether a number is kept from this person: the server masks the door together with it. */
export const isMasked = (r: Request): boolean => r.address.endsWith('一户');
