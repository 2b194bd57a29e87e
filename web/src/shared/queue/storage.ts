/* Where the outbox lies: in IndexedDB, and what did not fit there in memory, after it. */
import { keepOpen } from '../keep';
import type { OutboxItem } from './item';
import type { Change, QueueStore } from './queue';

/* memory comes after everything stored */
const IN_MEMORY = 2 ** 50;
const LEASE_MS = 15_000;

export interface DeviceStore extends QueueStore {
  /** True when something could not be stored: it is lost when the page closes. */
  isFragile(): boolean;
  /** One tab sends at a time. Given for 15 s, and again with every call; also on plain http, where no locks exist. */
  lease(holder: string, now: number): Promise<boolean>;
  release(holder: string): Promise<void>;
}

export function deviceStore(onFull: () => void): DeviceStore {
  let memory: OutboxItem[] = [];
  let next = IN_MEMORY;

  function inMemory(change: Change): void {
    const gone = new Set(change.remove?.map((i) => i.order));
    const put = new Map(change.put?.map((i) => [i.order, i]));
    memory = memory.filter((i) => !gone.has(i.order)).map((i) => put.get(i.order) ?? i);
  }

  async function list(): Promise<OutboxItem[]> {
    try {
      return [...(await (await keepOpen()).getAll('queue')), ...memory];
    } catch {
      return [...memory];
    }
  }

  async function add(item: Omit<OutboxItem, 'order'>): Promise<OutboxItem> {
    try {
      const order = await (await keepOpen()).add('queue', item as OutboxItem);
      return { ...item, order };
    } catch {
      const kept = { ...item, order: next++ };
      memory.push(kept);
      onFull();
      return kept;
    }
  }

  async function edit<T>(lane: string, fn: (items: OutboxItem[]) => Change & { give: T }): Promise<T> {
    const ours = memory.filter((i) => i.lane === lane);
    let db;
    try {
      db = await keepOpen();
    } catch {
      const change = fn(ours);
      inMemory(change);
      return change.give;
    }
    const tx = db.transaction('queue', 'readwrite');
    const stored = await tx.store.index('lane').getAll(lane);
    const change = fn([...stored.sort((a, b) => a.order - b.order), ...ours]);
    inMemory(change);
    for (const i of change.remove ?? []) if (i.order < IN_MEMORY) void tx.store.delete(i.order);
    for (const i of change.put ?? []) if (i.order < IN_MEMORY) void tx.store.put(i);
    await tx.done;
    return change.give;
  }

  async function lease(holder: string, now: number): Promise<boolean> {
    try {
      const tx = (await keepOpen()).transaction('lease', 'readwrite');
      const held = await tx.store.get('outbox');
      /* also when the clock was put back meanwhile: no lease is longer than LEASE_MS */
      const isFree = !held || held.holder === holder || held.until < now || held.until > now + LEASE_MS;
      if (isFree) void tx.store.put({ name: 'outbox', holder, until: now + LEASE_MS });
      await tx.done;
      return isFree;
    } catch {
      return true; /* nothing is stored here: no other tab knows of it */
    }
  }

  async function release(holder: string): Promise<void> {
    try {
      const tx = (await keepOpen()).transaction('lease', 'readwrite');
      if ((await tx.store.get('outbox'))?.holder === holder) void tx.store.delete('outbox');
      await tx.done;
    } catch {
      /* it ends by itself */
    }
  }

  return { list, add, edit, lease, release, isFragile: () => memory.length > 0 };
}
