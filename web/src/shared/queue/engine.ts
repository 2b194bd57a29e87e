/* The outbox in a browser: who sends (one tab), when (at once, when the network is back, when seen again), and what the
 * tabs tell each other. Loaded after the first paint: outbox.ts is what pages talk to. */
import { api, ApiError, call, ifMatch, newKey, uploadPhoto } from '../api';
import { cacheGet, cacheSet } from '../keep';
import type { ActDraft, OutboxItem, Report, Request } from './item';
import { again, run, takeBack, type Outcome, type Wire } from './queue';
import { deviceStore } from './storage';

const RETRY_S = 15;
const OTHER_LEADS_MS = 1500;
const WORKERS = 2;

export interface Ears {
  shown(items: OutboxItem[], isFragile: boolean): void;
  busy(is: boolean): void;
  sent(item: Pick<OutboxItem, 'key' | 'kind'>, request: Request): void;
  stuck(item: OutboxItem, fault: ApiError): void;
}

type News = { kind: 'changed' } | { kind: 'wanted' } | { kind: 'sent'; item: Pick<OutboxItem, 'key' | 'kind'>; request: Request };

/* where nothing can be stored */
const made = new Map<string, Request>();

const wire: Wire = {
  async send(item) {
    const ids: string[] = [];
    for (const [i, photo] of item.photos.entries()) ids.push(await uploadPhoto(photo, `${item.key}-${i}`));
    const photos = ids.length > 0 ? { photo_ids: [...(item.body.photo_ids ?? []), ...ids] } : {};
    const header = { 'Idempotency-Key': item.key };
    if (item.kind === 'report') return call(api.POST('/api/v1/requests', { params: { header }, body: { ...(item.body as Report), ...photos } }));
    return call(
      api.POST('/api/v1/requests/{id}/acts', {
        params: { path: { id: item.lane }, header: { ...header, 'If-Match': ifMatch(item.seen?.version ?? 1) } as never },
        body: { ...(item.body as ActDraft), ...photos },
      }),
    );
  },
  async note(key, request) {
    made.set(key, request);
    await cacheSet(`receipt:${key}`, request);
  },
  noted: async (key) => made.get(key) ?? (await cacheGet<Request>(`receipt:${key}`)),
  look: (id) => call(api.GET('/api/v1/requests/{id}', { params: { path: { id } } })),
};

export class Engine {
  private readonly holder = newKey();
  private readonly store = deviceStore(() => void this.show());
  private readonly channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('danyuan-outbox') : undefined;
  private readonly watched = new Set<string>();
  private owner = '';
  private pass: Promise<ApiError | null> | undefined;
  private wanted = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isWatching = false;

  constructor(private readonly ears: Ears) {
    if (this.channel) this.channel.onmessage = (m: MessageEvent<News>) => this.hear(m.data);
  }

  private hear(news: News): void {
    if (news.kind === 'sent') this.ears.sent(news.item, news.request);
    if (news.kind === 'wanted') {
      if (this.pass) this.wanted = true;
    } else {
      void this.show();
    }
  }

  private tell(news: News): void {
    this.channel?.postMessage(news);
  }

  async show(): Promise<OutboxItem[]> {
    const mine = (await this.store.list()).filter((i) => i.owner === this.owner);
    this.ears.shown(mine, this.store.isFragile());
    return mine;
  }

  use(owner: string): void {
    this.owner = owner;
  }

  async add(...items: Omit<OutboxItem, 'order'>[]): Promise<void> {
    for (const item of items) await this.store.add(item);
    await this.show();
    this.tell({ kind: 'changed' });
  }

  private async find(key: string): Promise<OutboxItem | undefined> {
    return (await this.store.list()).find((i) => i.key === key);
  }

  /** The keys of those that were taken back. */
  async takeBack(keys: readonly string[], evenSent: boolean): Promise<string[]> {
    const wanted = new Set(keys);
    const taken: string[] = [];
    for (const item of await this.store.list()) {
      if (wanted.has(item.key) && (await takeBack(this.store, item, evenSent))) taken.push(item.key);
    }
    await this.show();
    this.tell({ kind: 'changed' });
    return taken;
  }

  async again(key: string): Promise<void> {
    const item = await this.find(key);
    if (item) await again(this.store, item);
    await this.flush();
  }

  /** Sends what may be sent; gives what stopped it. Calls while it runs make it go round once more. */
  flush(): Promise<ApiError | null> {
    this.wanted = true;
    this.pass ??= this.rounds();
    return this.pass;
  }

  private async rounds(): Promise<ApiError | null> {
    for (;;) {
      this.wanted = false;
      const stopped = await this.round();
      if (!stopped && this.wanted) continue;
      this.pass = undefined; /* nothing is awaited since the look at `wanted`: no call is missed */
      return stopped;
    }
  }

  private async round(): Promise<ApiError | null> {
    clearTimeout(this.timer);
    try {
      const mine = await this.show();
      if (!mine.some((i) => i.state === 'waiting')) return null;
      if (!(await this.store.lease(this.holder, Date.now()))) {
        this.tell({ kind: 'wanted' });
        this.later(OTHER_LEADS_MS);
        return null;
      }
      this.ears.busy(true);
      const { stopped, nextIn } = await this.sendAll();
      if (stopped) this.later(1000 * (stopped.retryAfterS || RETRY_S));
      else if (nextIn !== null) this.later(nextIn + 20);
      return stopped;
    } catch {
      this.later(1000 * RETRY_S); /* the store itself did not answer */
      return null;
    } finally {
      await this.store.release(this.holder);
      this.ears.busy(false);
      await this.show().catch(() => undefined);
      this.tell({ kind: 'changed' });
    }
  }

  private sendAll(): Promise<Outcome> {
    return run({
      owner: this.owner,
      store: this.store,
      wire,
      deviceNow: Date.now,
      workers: WORKERS,
      leads: () => this.store.lease(this.holder, Date.now()),
      isWatched: (key) => this.watched.has(key),
      sent: (item, request) => {
        const short = { key: item.key, kind: item.kind };
        this.ears.sent(short, request);
        this.tell({ kind: 'sent', item: short, request });
      },
      stuck: (item, fault) => this.ears.stuck(item, fault),
    });
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  watch(key: string): () => void {
    this.watched.add(key);
    return () => this.watched.delete(key);
  }

  /** From now on, whenever it may work. There is no background sync inside WeChat: a page has to be open. */
  start(owner: string): void {
    this.use(owner);
    void this.flush();
    if (this.isWatching) return;
    this.isWatching = true;
    const soon = () => {
      if (this.owner && document.visibilityState === 'visible') void this.flush();
    };
    window.addEventListener('online', soon);
    window.addEventListener('pageshow', soon);
    window.addEventListener('pagehide', () => void this.store.release(this.holder));
    document.addEventListener('visibilitychange', soon);
  }
}
