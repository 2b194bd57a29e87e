/* The requests of the board, kept current: one list when it opens, then one request for each event.
 *
 * Events may overtake the list and each other; the version of a request decides which is newer. The store outlives the
 * page, so that coming back from a request shows the board at once. */
import { ref, shallowReactive, triggerRef, shallowRef } from 'vue';
import { api, ApiError, call, ifMatch } from '../../shared/api';
import { onLive, onLiveGap, type LiveEvent } from '../../shared/live';
import { session } from '../../shared/session';
import { faultText } from '../../shared/toast';
import type { ActDraft, Request } from '../types';

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
    } catch (fault) {
      loadFault.value = faultText(fault);
    } finally {
      isLoading.value = false;
      loading = undefined;
      triggerRef(shown);
    }
  })();
  return loading;
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
  } catch (fault) {
    /* not ours to see any more; anything else mends itself with the next event or load */
    if (fault instanceof ApiError && fault.status === 404) drop(id);
  }
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

/** One act with the version that is on the screen; the answer is shown. Throws ApiError. */
export async function act(r: Request, body: ActDraft): Promise<Request> {
  const next = await call(
    api.POST('/api/v1/requests/{id}/acts', {
      params: { path: { id: r.id }, header: { 'If-Match': ifMatch(r.version) } as never },
      body,
    }),
  );
  show(next);
  return next;
}

/** Mine at once, on the screen; back again when somebody was faster. */
export async function claim(r: Request): Promise<Request> {
  const me = session.value?.account;
  if (me) show({ ...r, state: 'claimed', owner: { id: me.id, name: me.name, phone: '' }, acts: [] });
  try {
    return await act(r, { act: 'claim' });
  } catch (fault) {
    items.set(r.id, r);
    triggerRef(shown);
    if (fault instanceof ApiError && (fault.status === 412 || fault.status === 409)) await refetch(r.id);
    throw fault;
  }
}

export function forgetBoard(): void {
  items.clear();
  queue.clear();
  isLoaded.value = false;
  triggerRef(shown);
}
