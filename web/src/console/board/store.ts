/* The requests of the board, kept current: one list when it opens, then one request for each event.
 *
 * Acts go through the outbox: stored first, sent at once when there is a network, shown as they will most likely be until
 * the answer is here. The list as it was last known is kept on the device, with its moment.
 *
 * Events may overtake the list and each other; the version of a request decides which is newer. The store outlives the
 * page, so that coming back from a request shows the board at once. */
import { ref, shallowReactive, triggerRef, shallowRef, watch } from 'vue';
import { api, ApiError, call } from '../../shared/api';
import { onLive, onLiveGap, type LiveEvent } from '../../shared/live';
import { cacheRead, cacheSet } from '../../shared/keep';
import { flush, onSent, outbox, perform, putActs } from '../../shared/outbox';
import { session } from '../../shared/session';
import { faultText } from '../../shared/toast';
import type { ActDraft, Request } from '../types';
import { foresee } from './foresee';

const PAGE = 500;
const ENDED_SHOWN = 40;
const FETCHES = 4;

const items = new Map<string, Request>();
const shown = shallowRef(items);
/** Those that came by the feed while the board was open; the board marks them for a moment. */
export const fresh = shallowReactive(new Set<string>());
export const isLoading = ref(false);
export const isLoaded = ref(false);
export const loadFault = ref('');
/** Without network: the moment of what is shown (server's clock). null: it is current. */
export const keptAt = ref<number | null>(null);
export const requests = shown;

const FRESH_MS = 6000;

function put(r: Request): boolean {
  const known = items.get(r.id);
  if (known && known.version > r.version) return false;
  items.set(r.id, r);
  return true;
}

/** Shows this state of a request, also one that the server has not confirmed yet. */
export function show(r: Request): void {
  if (put(r)) triggerRef(shown);
}

export function drop(id: string): void {
  if (items.delete(id)) triggerRef(shown);
}

async function openPages(): Promise<Request[]> {
  const all: Request[] = [];
  let after: string | null = null;
  do {
    const query: { view: 'board'; limit: number; after?: string } = { view: 'board', limit: PAGE };
    if (after) query.after = after;
    const page: { items: Request[]; next: string | null } = await call(api.GET('/api/v1/requests', { params: { query } }));
    all.push(...page.items);
    after = page.next;
  } while (after);
  return all;
}

async function endedPage(): Promise<Request[]> {
  const query = { view: 'board', state: 'closed', limit: ENDED_SHOWN } as const;
  return (await call(api.GET('/api/v1/requests', { params: { query } }))).items;
}

let loading: Promise<void> | undefined;

/** Loads the board anew; what ended elsewhere meanwhile goes away. */
export function loadBoard(): Promise<void> {
  loading ??= (async () => {
    isLoading.value = true;
    loadFault.value = '';
    const before = new Map(items);
    try {
      const [open, ended] = await Promise.all([openPages(), endedPage()]);
      const there = new Set([...open, ...ended].map((r) => r.id));
      for (const [id, r] of before) {
        if (!there.has(id) && items.get(id) === r) items.delete(id);
      }
      [...open, ...ended].forEach(put);
      isLoaded.value = true;
      keptAt.value = null;
      void cacheSet('board', [...items.values()]);
      showWaiting();
    } catch (fault) {
      loadFault.value = faultText(fault);
      if (fault instanceof ApiError && fault.isPassing) await showKept();
    } finally {
      isLoading.value = false;
      loading = undefined;
      triggerRef(shown);
    }
  })();
  return loading;
}

/** What was known last time, until the network is back. */
async function showKept(): Promise<void> {
  const kept = await cacheRead<Request[]>('board');
  if (!kept) return;
  if (!isLoaded.value) kept.value.forEach(put);
  keptAt.value = kept.at;
  isLoaded.value = true;
  showWaiting();
}

/* what is still to be sent, on top of what the server knows */
function showWaiting(): void {
  for (const item of outbox.value) {
    const r = items.get(item.lane);
    if (r && item.kind === 'act' && item.state === 'waiting') items.set(r.id, foresee(r, item.body as ActDraft, me()));
  }
}

function me(): Request['owner'] {
  const account = session.value?.account;
  return account ? { id: account.id, name: account.name, phone: '' } : null;
}

/* Refetching, a few at a time: a burst of events must not become a burst of requests. */
const queue = new Set<string>();
let running = 0;

function pump(): void {
  while (running < FETCHES && queue.size > 0) {
    const id = queue.values().next().value as string;
    queue.delete(id);
    running += 1;
    void refetch(id).finally(() => {
      running -= 1;
      pump();
    });
  }
}

export async function refetch(id: string): Promise<void> {
  const isNew = !items.has(id);
  try {
    const r = await call(api.GET('/api/v1/requests/{id}', { params: { path: { id } } }));
    if (isNew && r.state === 'reported') markFresh(id);
    show(r);
    keepSoon();
  } catch (fault) {
    /* not ours to see any more; anything else mends itself with the next event or load */
    if (fault instanceof ApiError && fault.status === 404) drop(id);
  }
}

let keeping: ReturnType<typeof setTimeout> | undefined;
/* not for each of a hundred events */
function keepSoon(): void {
  clearTimeout(keeping);
  keeping = setTimeout(() => keptAt.value === null && void cacheSet('board', [...items.values()]), 3000);
}

function markFresh(id: string): void {
  fresh.add(id);
  setTimeout(() => fresh.delete(id), FRESH_MS);
}

function hear(event: LiveEvent): void {
  if (!event.topic.startsWith('request.') || !isLoaded.value) return;
  const version = Number(event.payload.version ?? 0);
  const known = items.get(event.subject);
  if (known && known.version >= version) return;
  queue.add(event.subject);
  pump();
}

onLive(hear);
onLiveGap(() => {
  if (isLoaded.value) void loadBoard();
});

export interface ActOptions {
  photos?: Blob[];
  /** ms in which it can be taken back: it is sent after them. */
  holdMs?: number;
}

const labelOf = (r: Request): string => `${r.number} ${r.address}`;

/** One act with the version that is on the screen: its answer, or null when it waits for the network. Throws ApiError. */
export async function act(r: Request, body: ActDraft, more: ActOptions = {}): Promise<Request | null> {
  const next = await perform(me()?.id ?? '', r, body, { ...more, label: labelOf(r), isStrict: true });
  show(next ?? foresee(r, body, me()));
  return next;
}

/** Many at once: stored, sent when their time has come; gives the keys that take them back. */
export async function actAll(list: { request: Request; draft: ActDraft }[], holdMs: number): Promise<string[]> {
  const keys = await putActs(
    me()?.id ?? '',
    list.map(({ request, draft }) => ({ on: request, draft, more: { holdMs, label: labelOf(request) } })),
  );
  for (const { request, draft } of list) items.set(request.id, foresee(request, draft, me()));
  triggerRef(shown);
  void flush(me()?.id ?? '');
  return keys;
}

/** Mine at once, on the screen; back again when somebody was faster. null: it waits for the network. */
export async function claim(r: Request): Promise<Request | null> {
  show({ ...foresee(r, { act: 'claim' }, me()), acts: [] });
  try {
    return await act(r, { act: 'claim' });
  } catch (fault) {
    restore(r);
    if (fault instanceof ApiError && (fault.status === 412 || fault.status === 409)) await refetch(r.id);
    throw fault;
  }
}

/** As it was before something was foreseen. */
export function restore(r: Request): void {
  items.set(r.id, r);
  triggerRef(shown);
}

/* without network: the outbox is read from the device while the board is, or another tab has added to it */
watch(
  () => outbox.value.length,
  (n, before) => {
    if (n <= before || keptAt.value === null) return;
    showWaiting();
    triggerRef(shown);
  },
);
onSent((r) => {
  if (isLoaded.value) show(r);
});

export function forgetBoard(): void {
  items.clear();
  queue.clear();
  isLoaded.value = false;
  keptAt.value = null;
  triggerRef(shown);
}
