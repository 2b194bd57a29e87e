/* What this device keeps in IndexedDB: the outbox, and the last answers for reading without network.
 *
 * Vue's reactive proxies cannot be stored (DataCloneError): values are made plain first. When storage is not available
 * (some private windows), reading gives nothing and keeping is skipped: the page works, only not offline. */
import type { DBSchema, IDBPDatabase } from 'idb';
import { serverNow } from './clock';
import { plain } from './plain';
import type { OutboxItem } from './queue/item';

export interface Kept extends DBSchema {
  queue: { key: number; value: OutboxItem; indexes: { lane: string } };
  cache: { key: string; value: { name: string; value: unknown; at?: number } };
  lease: { key: string; value: { name: string; holder: string; until: number } };
}

/** Version 1 had one kind of item, a report of a resident. */
interface ReportV1 {
  key: string;
  owner: string;
  body: OutboxItem['body'];
  photos: Blob[];
  createdAt: number;
  state: 'waiting' | 'refused';
  problem?: string;
}

let opening: Promise<IDBPDatabase<Kept>> | undefined;

async function openNow(): Promise<IDBPDatabase<Kept>> {
  const { openDB } = await import('idb'); /* not needed before the first paint */
  return openDB<Kept>('danyuan', 2, {
    async upgrade(db, from, _to, tx) {
      const queue = db.createObjectStore('queue', { keyPath: 'order', autoIncrement: true });
      queue.createIndex('lane', 'lane');
      db.createObjectStore('lease', { keyPath: 'name' });
      if (from < 1) {
        db.createObjectStore('cache', { keyPath: 'name' });
        return;
      }
      const old = tx as unknown as { objectStore(name: string): { getAll(): Promise<ReportV1[]> } };
      const reports = await old.objectStore('outbox').getAll();
      for (const r of reports.sort((a, b) => a.createdAt - b.createdAt)) {
        const item = { ...r, kind: 'report', lane: r.key, seen: null, deviceAt: r.createdAt, holdUntil: 0, wasSent: true, label: '' };
        await queue.add(item as unknown as OutboxItem);
      }
      (db as unknown as IDBDatabase).deleteObjectStore('outbox');
    },
    blocking() {
      /* another tab has a newer page: give way, open again when needed */
      void opening?.then((db) => db.close());
      opening = undefined;
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



export async function cacheGet<T>(name: string): Promise<T | undefined> {
  return (await cacheRead<T>(name))?.value;
}

/** With the moment it was true, by the server's clock. */
export async function cacheRead<T>(name: string): Promise<{ value: T; at: number } | undefined> {
  try {
    const kept = await (await keepOpen()).get('cache', name);
    return kept && { value: kept.value as T, at: kept.at ?? 0 };
  } catch {
    return undefined;
  }
}

export async function cacheSet(name: string, value: unknown): Promise<void> {
  try {
    await (await keepOpen()).put('cache', { name, value: plain(value), at: serverNow() });
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
