/* The household's requests: loaded, kept for reading without network, and renewed by the live feed. */
import { computed, readonly, ref, shallowRef } from 'vue';
import { api, ApiError, call, type Schemas } from '../shared/api';
import { cacheGet, cacheSet } from '../shared/keep';
import { onLive, onLiveGap } from '../shared/live';
import { perform } from '../shared/outbox';
import { outboxOwner } from './owner';

export type Request = Schemas['Request'];
export type Entry = Schemas['Entry'];
export type ActDraft = Schemas['ActDraft'];

const ENDED = ['closed', 'merged', 'refused', 'withdrawn'];
export const isOpen = (request: Request): boolean => !ENDED.includes(request.state);

const list = shallowRef<readonly Request[]>([]);
const loaded = ref(false);
const stale = ref(false);
export const requests = computed(() => list.value);
export const isLoaded = readonly(loaded);
/** What is shown is what was known last time. */
export const isKept = readonly(stale);

export async function loadRequests(): Promise<void> {
  try {
    const page = await call(api.GET('/api/v1/requests', { params: { query: { view: 'mine', limit: 100 } } }));
    list.value = page.items;
    stale.value = false;
    await cacheSet('requests', page.items);
  } catch (fault) {
    if (!(fault instanceof ApiError) || !fault.isPassing) throw fault;
    if (!loaded.value) list.value = (await cacheGet<Request[]>('requests')) ?? [];
    stale.value = true;
  } finally {
    loaded.value = true;
  }
}

/** Somebody signed out: the next person on this device starts empty. */
export function forgetRequests(): void {
  list.value = [];
  loaded.value = false;
  stale.value = false;
}

/** Puts a request that came from the server into the list. */
export function takeRequest(request: Request): void {
  const others = list.value.filter((r) => r.id !== request.id);
  list.value = list.value.some((r) => r.id === request.id)
    ? list.value.map((r) => (r.id === request.id ? request : r))
    : [request, ...others];
  void cacheSet('requests', list.value);
}

export interface Story {
  request: Request;
  entries: Entry[];
  isKept: boolean;
}

/** One request with its history; what was kept when there is no network. */
export async function loadStory(id: string): Promise<Story> {
  const path = { params: { path: { id } } };
  try {
    const [request, page] = await Promise.all([
      call(api.GET('/api/v1/requests/{id}', path)),
      call(api.GET('/api/v1/requests/{id}/entries', path)),
    ]);
    if (list.value.some((r) => r.id === id) || request.reporter_is_me) takeRequest(request); /* not a neighbour's that is followed */
    await cacheSet(`story:${id}`, { request, entries: page.items });
    return { request, entries: page.items, isKept: false };
  } catch (fault) {
    const kept = fault instanceof ApiError && fault.isPassing ? await cacheGet<Omit<Story, 'isKept'>>(`story:${id}`) : undefined;
    if (!kept) throw fault;
    return { ...kept, isKept: true };
  }
}

/** Does it; null: without network it waits on this phone. When somebody was quicker it is done all the same if what it
 * relies on is as it was seen (shared/queue/queue.ts). */
export async function act(request: Request, draft: ActDraft): Promise<Request | null> {
  const done = await perform(outboxOwner(), request, draft, { label: request.number });
  if (done) takeRequest(done);
  return done;
}

/** From now on lists renew themselves. Many events in a row are one load. */
export function watchRequests(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void loadRequests().catch(() => undefined), 150);
  };
  onLive((event) => {
    if (event.topic.startsWith('request.')) soon();
  });
  onLiveGap(soon);
}
