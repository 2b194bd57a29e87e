/* What people do is stored first and sent second: nothing typed is lost to a bad line, and nothing counts twice.
 *
 *   const key = await put(owner, report, photos);          // a report; flush(owner) sends it
 *   const key = await putAct(owner, request, draft, {...});  // an act, maybe held back some seconds to be undone
 *   const done = await perform(owner, request, draft, {...}); // an act now: the answer, or null when it waits for the network
 *
 * `outbox` lists what waits, is refused or stands against something newer. How it is sent: queue/queue.ts. The sending
 * part is fetched after the first paint; this file is what pages import. */
import { computed, readonly, ref, shallowRef } from 'vue';
import { ApiError, newKey } from './api';
import { serverNow } from './clock';
import { plain } from './plain';
import { seenOf, type ActDraft, type OutboxItem, type Report, type Request } from './queue/item';
import type { Engine } from './queue/engine';

export type { OutboxItem, Report, Request };

const OTHER_TAB_MS = 8000;

const items = shallowRef<readonly OutboxItem[]>([]);
const busy = ref(false);
const fragile = ref(false);
export const outbox = computed(() => items.value);
export const isSending = readonly(busy);
/** Storage is full or off: what waits is lost when the page closes. */
export const isFragile = readonly(fragile);
export const stuckItems = computed(() => items.value.filter((i) => i.state !== 'waiting'));
/** Acts on a request that have not arrived yet. */
export const waitingFor = (id: string): OutboxItem[] => items.value.filter((i) => i.lane === id);

const sentListeners = new Set<(request: Request, key: string) => void>();
const stuckListeners = new Set<(item: OutboxItem, fault: ApiError) => void>();
const sentReports = new Map<string, Request>();

/** Heard for every item that has arrived, also from another tab. */
export function onSent(fn: (request: Request, key: string) => void): () => void {
  sentListeners.add(fn);
  return () => sentListeners.delete(fn);
}

function onStuck(fn: (item: OutboxItem, fault: ApiError) => void): () => void {
  stuckListeners.add(fn);
  return () => stuckListeners.delete(fn);
}

let loading: Promise<Engine> | undefined;
function engine(owner?: string): Promise<Engine> {
  loading ??= import('./queue/engine').then(
    (m) =>
      new m.Engine({
        shown(now, isFragileNow) {
          items.value = now;
          fragile.value = isFragileNow;
        },
        busy: (is) => (busy.value = is),
        sent(item, request) {
          if (item.kind === 'report') sentReports.set(item.key, request);
          sentListeners.forEach((fn) => fn(request, item.key));
        },
        stuck: (item, fault) => stuckListeners.forEach((fn) => fn(item, fault)),
      }),
  );
  return loading.then((e) => {
    if (owner !== undefined) e.use(owner);
    return e;
  });
}

/** What became of a report that was sent on this page, also before anybody listened. */
export const sentBefore = (key: string): Request | undefined => sentReports.get(key);

interface More {
  photos?: Blob[];
  label?: string;
  /** ms in which it can be taken back before it is sent. */
  holdMs?: number;
  /** Somebody looks on: over a version that was not seen it does not go on by itself. */
  isStrict?: boolean;
}

function itemOf(owner: string, kind: OutboxItem['kind'], body: Report | ActDraft, more: More): Omit<OutboxItem, 'order'> {
  const key = newKey();
  const device = Date.now();
  return {
    key,
    owner,
    kind,
    lane: key,
    body: plain(body),
    photos: more.photos ?? [],
    seen: null,
    createdAt: serverNow(),
    deviceAt: device,
    holdUntil: more.holdMs ? device + more.holdMs : 0,
    wasSent: false,
    label: more.label ?? '',
    state: 'waiting',
  };
}

/** Stores a report; gives its key. Where nothing can be stored it lies in memory, and `isFragile` says so. */
export async function put(owner: string, body: Report, photos: Blob[], label = ''): Promise<string> {
  const item = itemOf(owner, 'report', body, { photos, label });
  await (await engine(owner)).add(item);
  return item.key;
}

/** Stores an act on a request as it was seen, or (its key) on a report that is still here itself. */
export async function putAct(owner: string, on: Pick<Request, 'id' | 'version' | 'state' | 'owner'> | string, draft: ActDraft, more: More = {}): Promise<string> {
  const item = itemOf(owner, 'act', draft, more);
  if (typeof on === 'string') item.lane = on;
  else Object.assign(item, { lane: on.id, seen: seenOf(on) });
  await (await engine(owner)).add(item);
  return item.key;
}

/** The same for many at once, in this order; gives their keys. */
export async function putActs(owner: string, list: { on: Pick<Request, 'id' | 'version' | 'state' | 'owner'>; draft: ActDraft; more?: More }[]): Promise<string[]> {
  const all = list.map(({ on, draft, more }) => ({ ...itemOf(owner, 'act', draft, more ?? {}), lane: on.id, seen: seenOf(on) }));
  await (await engine(owner)).add(...all);
  return all.map((i) => i.key);
}

/** Does it now: the server's answer; null when it waits for the network. Throws ApiError, and then nothing waits. */
export async function perform(owner: string, on: Request, draft: ActDraft, more: More = {}): Promise<Request | null> {
  const e = await engine(owner);
  let done: Request | undefined;
  let fault: ApiError | undefined;
  const key = await putAct(owner, on, draft, more);
  const unwatch = more.isStrict ? e.watch(key) : () => undefined;
  let heard: () => void = () => undefined;
  const news = new Promise<void>((resolve) => (heard = resolve));
  const stops = [
    onSent((request, sentKey) => {
      if (sentKey === key) done = request;
      if (done) heard();
    }),
    onStuck((item, why) => {
      if (item.key === key) fault = why;
      if (fault) heard();
    }),
  ];
  try {
    const stopped = await Promise.race([news.then(() => null), e.flush()]);
    /* nothing stopped it and nothing came: another tab is sending */
    if (!done && !fault && !stopped) await Promise.race([news, new Promise((late) => setTimeout(late, OTHER_TAB_MS))]);
    if (fault) {
      await e.takeBack([key], true);
      throw fault;
    }
    return done ?? null;
  } finally {
    stops.forEach((stop) => stop());
    unwatch();
  }
}

/** Away with it, whatever became of it. */
export async function drop(...keys: string[]): Promise<void> {
  await (await engine()).takeBack(keys, true);
}

/** Undo: the keys of those that had not been sent. */
export async function takeBack(keys: readonly string[]): Promise<string[]> {
  return (await engine()).takeBack(keys, false);
}

/** What stood against something newer is wanted all the same. */
export async function sendAgain(key: string): Promise<void> {
  await (await engine()).again(key);
}

/** Sends what waits; gives what stopped it. Never throws. */
export async function flush(owner: string): Promise<void> {
  await (await engine(owner)).flush();
}

/** From now on, send whenever it may work. Also sends what is left of the last visit. */
export function watchOutbox(owner: string): void {
  void engine(owner).then((e) => e.start(owner));
}
