/* The proposals of one block, what became of each, and what to say back to the group. Calls go through here, so that the page
 * only shows and moves. */
import { computed, reactive, ref } from 'vue';
import { api, ApiError, call, ifMatch, newKey, type Schemas } from '../../shared/api';
import { faultText } from '../../shared/toast';
import type { Category, Request } from '../types';
import { t } from './text';

export type Proposal = Schemas['PasteProposal'];
export type RowState = 'open' | 'busy' | 'registered' | 'done' | 'merged' | 'dismissed';

export interface Row {
  readonly index: number;
  readonly item: Proposal;
  state: RowState;
  /** Of the door chosen; '' while none is. */
  doorId: string;
  /** As typed, when none of the choices is meant. */
  door: string;
  category: Category;
  text: string;
  urgent: boolean;
  key: string;
  request: Request | null;
  /** Number of the request it went into. */
  into: string;
  fault: string;
}

/** What a person may change before it is registered. */
export type Edited = Pick<Row, 'doorId' | 'door' | 'category' | 'text' | 'urgent'>;

export const rows = reactive<Row[]>([]);
export const lines = ref(0);
export const dropped = ref(0);
export const isRead = ref(false);

export const count = computed(() => {
  const of = (...states: RowState[]): number => rows.filter((r) => states.includes(r.state)).length;
  return { open: of('open', 'busy'), done: of('done', 'registered'), merged: of('merged'), dismissed: of('dismissed') };
});

function rowOf(item: Proposal, index: number): Row {
  const only = item.door.choices.length === 1 ? item.door.choices[0] : undefined;
  return {
    index,
    item,
    state: item.known?.likeness === 'registered' ? 'registered' : 'open',
    doorId: only?.id ?? '',
    door: only?.code ?? item.door.written,
    category: item.category,
    text: item.text,
    urgent: item.urgent,
    key: item.key,
    request: null,
    into: item.known?.likeness === 'registered' ? item.known.number : '',
    fault: '',
  };
}

export async function readPaste(text: string): Promise<void> {
  const paste = await call(api.POST('/api/v1/pastes', { body: { text } }));
  rows.splice(0, rows.length, ...paste.items.map(rowOf));
  lines.value = paste.lines;
  dropped.value = paste.dropped;
  isRead.value = true;
}

export function forgetPaste(): void {
  rows.splice(0);
  isRead.value = false;
}

/** The door as it is said in the reply. */
export const doorOf = (row: Row): string => row.item.door.choices.find((c) => c.id === row.doorId)?.code ?? row.door;

/** A door that is several or none cannot be confirmed before somebody has said which. */
export const needsDoor = (row: Row): boolean => !row.doorId && (row.door.trim() === '' || (row.item.door.state !== 'one' && row.door === row.item.door.written));

async function register(row: Row): Promise<Request> {
  const body: Schemas['RequestDraft'] = { category: row.category, text: row.text.trim(), urgent: row.urgent, channel: 'paste' };
  if (row.doorId) body.door_id = row.doorId;
  else body.door = row.door.trim();
  if (row.item.contact) body.contact = row.item.contact;
  if (row.item.on_behalf) body.on_behalf = row.item.on_behalf;
  return call(api.POST('/api/v1/requests', { params: { header: { 'Idempotency-Key': row.key } }, body }));
}

async function attempt(row: Row, run: () => Promise<void>): Promise<boolean> {
  const before = row.state;
  if (before === 'busy') return false;
  row.state = 'busy';
  row.fault = '';
  try {
    await run();
    return true;
  } catch (caught) {
    row.state = before;
    row.fault = faultText(caught);
    /* the same words with another door or category under this key: it is another request by now */
    if (caught instanceof ApiError && caught.code === 'idempotency_conflict') row.key = newKey();
    return false;
  }
}

export const confirmRow = (row: Row): Promise<boolean> =>
  attempt(row, async () => {
    row.request = await register(row);
    row.into = row.request.number;
    row.state = 'done';
  });

/** What `m` would merge it into: what is known already, else the proposal above that says the same. */
export function targetOf(row: Row): { id: string; number: string; line: number } | null {
  const known = row.item.known;
  if (known?.open && known.likeness !== 'registered') return { id: known.id, number: known.number, line: 0 };
  const above = rows[row.item.same_as ?? row.item.shared_as ?? -1];
  if (!above) return null;
  const target = above.state === 'merged' ? targetOf(above) : null;
  return target ?? { id: above.request?.id ?? (above.state === 'registered' ? (above.item.known?.id ?? '') : ''), number: above.into, line: above.item.line };
}

export const mergeRow = (row: Row): Promise<boolean> =>
  attempt(row, async () => {
    const target = targetOf(row);
    if (!target?.id) throw new ApiError(409, { hint: t('paste.mergeFirst', { line: target?.line ?? 0 }) });
    const made = await register(row);
    row.request = made;
    row.into = made.number;
    if (made.state === 'merged') {
      row.state = 'merged';
      row.into = target.number;
      return;
    }
    try {
      row.request = await call(
        api.POST('/api/v1/requests/{id}/acts', {
          params: { path: { id: made.id }, header: { 'If-Match': ifMatch(made.version) } },
          body: { act: 'merge', into_request_id: target.id },
        }),
      );
      row.into = target.number;
      row.state = 'merged';
    } catch (caught) {
      /* it is stored, and says so */
      row.state = 'done';
      row.fault = t('paste.mergedNot', { number: made.number, why: faultText(caught) });
    }
  });

/** Back to "to do": what was dismissed at once, what was registered by withdrawing it while that is still possible. */
export async function undoRow(row: Row): Promise<boolean> {
  if (row.state === 'dismissed' || row.state === 'registered') {
    /* registering it a second time, on purpose, is another request */
    if (row.state === 'registered') row.key = newKey();
    row.state = 'open';
    return true;
  }
  const made = row.request;
  if (!made || (row.state !== 'done' && row.state !== 'merged')) return false;
  if (!made.acts.includes('withdraw')) {
    row.fault = t('paste.cannotUndo');
    return false;
  }
  return attempt(row, async () => {
    await call(
      api.POST('/api/v1/requests/{id}/acts', {
        params: { path: { id: made.id }, header: { 'If-Match': ifMatch(made.version) } },
        body: { act: 'withdraw', text: t('paste.withdrawText') },
      }),
    );
    row.request = null;
    row.into = '';
    row.key = newKey();
    row.state = 'open';
  });
}

export function replyOf(row: Row): string {
  if (!row.into || !['done', 'merged', 'registered'].includes(row.state)) return '';
  const door = doorOf(row);
  if (!door) return t('paste.replyNoDoor', { number: row.into });
  return t(row.state === 'merged' ? 'paste.replyMerged' : 'paste.replyDone', { door, number: row.into });
}

export const replies = computed(() => rows.map(replyOf).filter(Boolean).join('\n'));
