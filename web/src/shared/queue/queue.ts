/* Sending what waits, in order per request, each once. Pure of browser and network: storage, sending and clock are given.
 *
 * Rules:
 * - Items of one lane (one request) go one after the other; lanes do not wait for each other.
 * - An item is marked as sent in the store before it is sent, so that undoing it and sending it cannot both happen.
 * - An act names the version that was seen. The answer to one act of a lane is what the next one of that lane has seen.
 * - Somebody was faster (412): if what the act relies on, state and owner, is as it was seen, or the act only says
 *   something, it goes on over the newer version. Otherwise it is a conflict: kept, shown, for the person to decide.
 * - Refused by rule (other 4xx): kept with the reason. What stands behind in the lane waits for the decision.
 * - No network, overload, signed out: everything stops and is tried again; nothing changes.
 * The server's answer for a repeated key is its first one: a lost answer is asked for again by sending again. */
import { ApiError } from '../api';
import { seenOf, type ActDraft, type OutboxItem, type Request, type Seen } from './item';

export interface Change {
  put?: OutboxItem[];
  remove?: OutboxItem[];
}

export interface QueueStore {
  /** All, in order. */
  list(): Promise<OutboxItem[]>;
  add(item: Omit<OutboxItem, 'order'>): Promise<OutboxItem>;
  /** The items of a lane, in order, changed in one transaction: nobody else sees or writes in between. */
  edit<T>(lane: string, fn: (items: OutboxItem[]) => Change & { give: T }): Promise<T>;
}

export interface Wire {
  send(item: OutboxItem): Promise<Request>;
  look(id: string): Promise<Request>;
  /** Remembers on this device what a report has become, before the report leaves the store. */
  note(key: string, request: Request): Promise<void>;
  /** What a report has become; undefined: it was dropped. */
  noted(key: string): Promise<Request | undefined>;
}

export interface QueueOptions {
  owner: string;
  store: QueueStore;
  wire: Wire;
  deviceNow: () => number;
  /** Heard for each that arrived. */
  sent?: (item: OutboxItem, request: Request) => void;
  /** Heard when an item was refused or stands against something newer. */
  stuck?: (item: OutboxItem, fault: ApiError) => void;
  /** Its person is looking on: over a newer version it does not go on by itself. */
  isWatched?: (key: string) => boolean;
  /** Still ours to send? False stops before the next item. */
  leads?: () => Promise<boolean>;
  /** Lanes at a time. */
  workers?: number;
}

export interface Outcome {
  /** Why it stopped before everything was tried: nothing else is worth trying now. */
  stopped: ApiError | null;
  /** ms until the next held item may go; null: none is held. */
  nextIn: number | null;
}

/** Acts that only say something: they are right over whatever happened meanwhile. */
const SAYS: ReadonlySet<ActDraft['act']> = new Set(['answer', 'remind']);

function mayGoOn(item: OutboxItem, now: Request): boolean {
  const act = (item.body as ActDraft).act;
  if (!now.acts.includes(act) || item.seen === null) return false;
  return SAYS.has(act) || (now.state === item.seen.state && (now.owner?.id ?? null) === item.seen.owner);
}

/** The first of a lane if it may be sent now. */
function head(items: OutboxItem[], at: number): OutboxItem | undefined {
  const first = items[0];
  return first && first.state === 'waiting' && first.holdUntil <= at ? first : undefined;
}

export async function run(options: QueueOptions): Promise<Outcome> {
  const { store, owner } = options;
  const mine = (await store.list()).filter((i) => i.owner === owner);
  const lanes = [...new Set(mine.map((i) => i.lane))];
  let stopped: ApiError | null = null;
  let at = 0;

  async function worker(): Promise<void> {
    while (at < lanes.length && !stopped) {
      const lane = lanes[at++] as string;
      const fault = await runLane(options, lane, () => stopped !== null);
      stopped ??= fault;
    }
  }
  await Promise.all(Array.from({ length: options.workers ?? 1 }, worker));

  const held = mine.filter((i) => i.state === 'waiting' && i.holdUntil > options.deviceNow()).map((i) => i.holdUntil);
  return { stopped, nextIn: held.length > 0 ? Math.max(0, Math.min(...held) - options.deviceNow()) : null };
}

async function runLane(options: QueueOptions, first: string, isStopped: () => boolean): Promise<ApiError | null> {
  const { store, wire, owner } = options;
  let lane = first;
  for (;;) {
    if (isStopped() || (options.leads && !(await options.leads()))) return null;
    const item = await store.edit(lane, (items) => {
      const next = head(items.filter((i) => i.owner === owner), options.deviceNow());
      if (!next) return { give: undefined };
      const taken: OutboxItem = { ...next, wasSent: true };
      return { put: [taken], give: taken };
    });
    if (!item) return null;
    if (item.kind === 'act' && item.seen === null) {
      /* done on a report that had just been sent: it has a number by now */
      const made = await wire.noted(item.lane);
      if (!made) {
        await stick(options, item, new ApiError(404, {}), null);
        return null;
      }
      lane = await arrived(store, { ...item, key: item.lane }, made);
      continue;
    }
    try {
      const request = await wire.send(item);
      if (item.kind === 'report') await wire.note(item.key, request);
      lane = await arrived(store, item, request);
      options.sent?.(item, request);
    } catch (fault) {
      const known = fault instanceof ApiError ? fault : new ApiError(0, {});
      if (known.isPassing || known.status === 401) return known;
      let now: Request | null = null;
      if (item.kind === 'act' && [403, 409, 412].includes(known.status)) {
        try {
          now = await wire.look(item.lane);
        } catch (lost) {
          if (!(lost instanceof ApiError) || lost.isPassing || lost.status === 401) return lost instanceof ApiError ? lost : new ApiError(0, {});
        }
      }
      if (now && known.status === 412 && !options.isWatched?.(item.key) && now.version !== item.seen?.version && mayGoOn(item, now)) {
        const seen = seenOf(now);
        await store.edit(item.lane, (items) => ({ put: items.filter((i) => i.key === item.key).map((i) => ({ ...i, seen })), give: null }));
        continue;
      }
      await stick(options, item, known, now);
      return null; /* what stands behind it waits */
    }
  }
}

/** Away with it; what stands behind has now seen its answer. Gives the lane that goes on: a report's request has an id now. */
function arrived(store: QueueStore, item: OutboxItem, request: Request): Promise<string> {
  const seen: Seen = seenOf(request);
  return store.edit(item.lane, (items) => {
    const behind = items.filter((i) => i.key !== item.key && i.kind === 'act');
    return {
      remove: items.filter((i) => i.key === item.key),
      /* what was done after the answer was seen has seen something newer */
      put: behind.filter((i) => i.seen === null || i.seen.version < seen.version).map((i) => ({ ...i, lane: request.id, seen })),
      give: request.id,
    };
  });
}

async function stick(options: QueueOptions, item: OutboxItem, fault: ApiError, now: Request | null): Promise<void> {
  /* 403: "for others to do" is a conflict when it was this person's to do as they saw it */
  const isConflict = fault.status === 409 || fault.status === 412 || (now !== null && now.version !== item.seen?.version);
  const stuck: OutboxItem = {
    ...item,
    state: isConflict ? 'conflict' : 'refused',
    problem: fault.hint || fault.message,
    ...(now ? { now: { ...seenOf(now), isPossible: now.acts.includes((item.body as ActDraft).act) } } : {}),
  };
  const isThere = await options.store.edit(item.lane, (items) => {
    const there = items.some((i) => i.key === item.key); /* dropped meanwhile: it stays dropped */
    return { put: there ? [stuck] : [], give: there };
  });
  if (isThere) options.stuck?.(stuck, fault);
}

/** Takes one back that was never sent: true; too late: false. What was to follow on a report of one's own goes with it. */
export function takeBack(store: QueueStore, item: Pick<OutboxItem, 'key' | 'lane'>, evenSent = false): Promise<boolean> {
  return store.edit(item.lane, (items) => {
    const own = items.find((i) => i.key === item.key);
    if (!own) return { give: false };
    if (own.wasSent && own.state === 'waiting' && !evenSent) return { give: false };
    return { remove: own.kind === 'report' ? items : [own], give: true };
  });
}

/** The person looked at what is there now and wants it all the same. */
export function again(store: QueueStore, item: Pick<OutboxItem, 'key' | 'lane'>): Promise<boolean> {
  return store.edit(item.lane, (items) => {
    const own = items.find((i) => i.key === item.key);
    if (!own || own.state === 'waiting') return { give: false };
    const seen = own.now ? { version: own.now.version, state: own.now.state, owner: own.now.owner } : own.seen;
    const once: OutboxItem = { ...own, state: 'waiting', seen };
    delete once.problem;
    delete once.now;
    return { put: [once], give: true };
  });
}
