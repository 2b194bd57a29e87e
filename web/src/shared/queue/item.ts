/* What waits on this device to be sent. An item is written down before anything is sent, and keeps its Idempotency-Key for
 * life: however often it is sent, it counts once. */
import type { Schemas } from '../api';

export type Report = Schemas['RequestDraft'];
export type ActDraft = Schemas['ActDraft'];
export type Request = Schemas['Request'];

/** What the person had before their eyes when they acted; what an act relies on. */
export interface Seen {
  version: number;
  state: Request['state'];
  owner: string | null;
}

export interface OutboxItem {
  /** Position on this device: what was done first is sent first. Given by the store. */
  order: number;
  /** The Idempotency-Key it is sent with, however often. */
  key: string;
  /** Whose it is: shown and sent for them only. */
  owner: string;
  kind: 'report' | 'act';
  /** The lane: items of one lane go one after the other. A request's id, or the key of the report that will make it. */
  lane: string;
  body: Report | ActDraft;
  photos: Blob[];
  /** For acts on a request that the server knows. */
  seen: Seen | null;
  /** By the corrected clock. */
  createdAt: number;
  /** By the device's own clock: only differences of it mean anything. */
  deviceAt: number;
  /** Not before this moment of the device's clock: until then it can be taken back. */
  holdUntil: number;
  /** It may have reached the server: it can be taken back by another act only. */
  wasSent: boolean;
  /** What it is called in lists. */
  label: string;
  state: 'waiting' | 'refused' | 'conflict';
  problem?: string;
  /** For a conflict: what the server has instead, and whether the act is possible there. */
  now?: Seen & { isPossible: boolean };
}

export const seenOf = (r: Pick<Request, 'version' | 'state' | 'owner'>): Seen => ({
  version: r.version,
  state: r.state,
  owner: r.owner?.id ?? null,
});
