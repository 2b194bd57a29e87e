/* What this device keeps in IndexedDB: the outbox, and the last answers for reading without network.
 *
 * Vue's reactive proxies cannot be stored (DataCloneError): values are made plain first. When storage is not available
 * (some private windows), reading gives nothing and keeping is skipped: the page works, only not offline. */
import type { DBSchema, IDBPDatabase } from 'idb';

interface Kept extends DBSchema {
  outbox: { key: string; value: OutboxItem };
  cache: { key: string; value: { name: string; value: unknown } };
}

export interface OutboxItem {
  /** The Idempotency-Key it is sent with, however often. */
  key: string;
  /** Whose it is: shown and sent for them only. */
  owner: string;
  body: unknown;
  photos: Blob[];
  createdAt: number;
  state: 'waiting' | 'refused';
  problem?: string;
}

let opening: Promise<IDBPDatabase<Kept>> | undefined;

async function openNow(): Promise<IDBPDatabase<Kept>> {
  const { openDB } = await import('idb'); /* not needed before the first paint */
  return openDB<Kept>('danyuan', 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'key' });
      db.createObjectStore('cache', { keyPath: 'name' });
    },
    terminated() {
      opening = undefined;
    },
  });
}

/** Rejects when the browser lets nothing be stored. */
export function keepOpen(): Promise<IDBPDatabase<Kept>> {
  opening ??= openNow().catch((fault: unknown) => {
    opening = undefined;
    throw fault;
  });
  return opening;
}

export const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export async function cacheGet<T>(name: string): Promise<T | undefined> {
  try {
    return (await (await keepOpen()).get('cache', name))?.value as T | undefined;
  } catch {
    return undefined;
  }
}

export async function cacheSet(name: string, value: unknown): Promise<void> {
  try {
    await (await keepOpen()).put('cache', { name, value: plain(value) });
  } catch {
    /* not kept: the next visit needs the network */
  }
}

export async function cacheClear(): Promise<void> {
  try {
    await (await keepOpen()).clear('cache');
  } catch {
    /* there was nothing to clear */
  }
}
