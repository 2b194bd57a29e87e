/* Reports are stored first and sent second: nothing typed is lost to a bad line, and nothing is sent twice.
 *
 * Each item has one Idempotency-Key for life, and each of its photos one derived from it; the server answers a repeated
 * key with the first answer. Items are flushed when they come in, on load, when the network is back and when the page
 * is seen again (there is no background sync inside WeChat). An item the server refuses by rule stays, with the reason,
 * until the person changes or drops it. */
import { computed, readonly, ref, shallowRef } from 'vue';
import { api, ApiError, call, newKey, uploadPhoto, type Schemas } from './api';
import { cacheSet, keepOpen, plain, type OutboxItem } from './keep';

export type Report = Schemas['RequestDraft'];
export type Request = Schemas['Request'];
export type { OutboxItem };

const RETRY_S = 15;

const items = shallowRef<OutboxItem[]>([]);
const busy = ref(false);
export const outbox = computed<readonly OutboxItem[]>(() => items.value);
export const isSending = readonly(busy);

const sentListeners = new Set<(request: Request, key: string) => void>();
/** Heard for every item that has arrived. */
export function onSent(fn: (request: Request, key: string) => void): () => void {
  sentListeners.add(fn);
  return () => sentListeners.delete(fn);
}

async function stored(): Promise<OutboxItem[]> {
  const all = await (await keepOpen()).getAll('outbox');
  return all.sort((a, b) => a.createdAt - b.createdAt);
}

async function refresh(owner: string): Promise<void> {
  items.value = (await stored()).filter((i) => i.owner === owner);
}

/** Stores the report; gives its key. Falls back to memory where nothing can be stored: then it must be sent now. */
export async function put(owner: string, body: Report, photos: Blob[]): Promise<string> {
  const item: OutboxItem = { key: newKey(), owner, body: plain(body), photos, createdAt: Date.now(), state: 'waiting' };
  try {
    await (await keepOpen()).put('outbox', item);
    await refresh(owner);
  } catch {
    items.value = [...items.value, item];
  }
  return item.key;
}

export async function drop(key: string): Promise<void> {
  items.value = items.value.filter((i) => i.key !== key);
  try {
    await (await keepOpen()).delete('outbox', key);
  } catch {
    /* it was only in memory */
  }
}

async function mark(item: OutboxItem): Promise<void> {
  items.value = items.value.map((i) => (i.key === item.key ? item : i));
  try {
    await (await keepOpen()).put('outbox', item);
  } catch {
    /* it was only in memory */
  }
}

async function send(item: OutboxItem): Promise<Request> {
  const ids: string[] = [];
  for (const [i, photo] of item.photos.entries()) ids.push(await uploadPhoto(photo, `${item.key}-${i}`));
  const body = { ...(item.body as Report), ...(ids.length > 0 ? { photo_ids: ids } : {}) };
  return call(
    api.POST('/api/v1/requests', { params: { header: { 'Idempotency-Key': item.key } }, body }),
  );
}

let wanted: string | undefined;
const sent = new Map<string, Request>();

/** What became of an item that was sent on this page, also before anybody listened. */
export function sentBefore(key: string): Request | undefined {
  return sent.get(key);
}

/** Sends what waits, oldest first; stops at the first that cannot be sent now. Never throws. */
export async function flush(owner: string): Promise<void> {
  if (busy.value) {
    wanted = owner; /* what was put while others are being sent is not left lying */
    return;
  }
  busy.value = true;
  wanted = undefined;
  try {
    await refresh(owner).catch(() => undefined);
    for (const item of items.value.filter((i) => i.state === 'waiting')) {
      try {
        const request = await send(item);
        sent.set(item.key, request);
        void cacheSet(`receipt:${item.key}`, request);
        await drop(item.key);
        sentListeners.forEach((fn) => fn(request, item.key));
      } catch (fault) {
        const known = fault instanceof ApiError ? fault : new ApiError(0, {});
        if (known.isPassing || known.status === 401) {
          retryLater(owner, known.retryAfterS);
          return;
        }
        await mark({ ...item, state: 'refused', problem: known.hint || known.message });
      }
    }
  } finally {
    busy.value = false;
  }
  if (wanted !== undefined) await flush(wanted);
}

let timer: ReturnType<typeof setTimeout> | undefined;
function retryLater(owner: string, afterS: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void flush(owner), 1000 * (afterS || RETRY_S));
}

let watched: string | undefined;
/** From now on, send whenever it may work. Also sends what is left of the last visit. */
export function watchOutbox(owner: string): void {
  const first = watched === undefined;
  watched = owner;
  void flush(owner);
  if (!first) return;
  const again = () => {
    if (watched && document.visibilityState === 'visible') void flush(watched);
  };
  window.addEventListener('online', again);
  window.addEventListener('pageshow', again);
  document.addEventListener('visibilitychange', again);
}
