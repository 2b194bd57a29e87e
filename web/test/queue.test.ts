/* The queue against an oracle, in random interleavings: two tabs, lost questions and lost answers, overload, crashes between
 * any two steps, other people acting meanwhile, undo while it is being sent. Whatever happens: nothing is lost, nothing counts
 * twice, each request sees what was done in the order it was done, and what could not be done is listed. */
import { describe, expect, it } from 'vitest';
import { ApiError } from '../src/shared/api';
import type { ActDraft, OutboxItem, Report, Request } from '../src/shared/queue/item';
import { again, run, takeBack, type QueueStore, type Wire } from '../src/shared/queue/queue';

type Rng = () => number;
function rngOf(seed: number): Rng {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const pick = <T>(rng: Rng, of: readonly T[]): T => of[Math.floor(rng() * of.length)] as T;

/* Every step takes some turns of the event loop: others come between. */
async function turns(rng: Rng): Promise<void> {
  for (let n = Math.floor(rng() * 4); n > 0; n -= 1) await Promise.resolve();
}

class Store implements QueueStore {
  items: OutboxItem[] = [];
  private last = 0;
  constructor(private rng: Rng) {}
  async list() {
    await turns(this.rng);
    return structuredClone(this.items);
  }
  async add(item: Omit<OutboxItem, 'order'>) {
    await turns(this.rng);
    const kept = { ...item, order: ++this.last };
    this.items.push(kept);
    return structuredClone(kept);
  }
  async edit<T>(lane: string, fn: (items: OutboxItem[]) => { put?: OutboxItem[]; remove?: OutboxItem[]; give: T }): Promise<T> {
    await turns(this.rng);
    const change = fn(structuredClone(this.items.filter((i) => i.lane === lane)));
    const gone = new Set(change.remove?.map((i) => i.order));
    const put = new Map(change.put?.map((i) => [i.order, structuredClone(i)]));
    this.items = this.items.filter((i) => !gone.has(i.order)).map((i) => put.get(i.order) ?? i);
    await turns(this.rng);
    return change.give;
  }
}

/* A server with a small state table, and the same order of checks as ours: repeated key, possible, version. */
const TABLE: Record<string, Record<string, string>> = {
  reported: { claim: 'claimed', answer: 'reported', close_now: 'closed' },
  claimed: { start: 'working', answer: 'claimed', release: 'reported', finish: 'done' },
  working: { answer: 'working', finish: 'done' },
  done: { answer: 'done', close: 'closed' },
  closed: {},
};
interface Applied {
  key: string;
  request: string;
  act: string;
  body: string;
}
class Server {
  requests = new Map<string, { version: number; state: string; owner: string | null }>();
  answers = new Map<string, Request>();
  applied: Applied[] = [];
  receipts = new Map<string, Request>();
  isDown = false;
  private last = 0;
  constructor(private rng: Rng) {}

  make(): string {
    const id = `r${++this.last}`;
    this.requests.set(id, { version: 1, state: 'reported', owner: null });
    return id;
  }
  see(id: string): Request {
    const r = this.requests.get(id);
    if (!r) throw new ApiError(404, {});
    const acts = Object.keys(TABLE[r.state] ?? {}).filter((a) => a === 'answer' || r.owner === null || r.owner === 'me');
    return { id, version: r.version, state: r.state, owner: r.owner ? { id: r.owner, name: '' } : null, acts } as unknown as Request;
  }
  do(id: string, act: string, who: string): void {
    const r = this.requests.get(id);
    if (!r) return;
    r.state = TABLE[r.state]?.[act] ?? r.state;
    r.version += 1;
    if (act === 'claim') r.owner = who;
    if (act === 'release') r.owner = null;
  }
  take(item: OutboxItem): Request {
    const known = this.answers.get(item.key);
    if (known) return known;
    const body = JSON.stringify(item.body);
    let id = item.lane;
    if (item.kind === 'report') {
      id = this.make();
      this.applied.push({ key: item.key, request: id, act: 'report', body });
    } else {
      const { act, text } = item.body as ActDraft;
      const now = this.see(id);
      if (text === 'bad') throw new ApiError(422, { detail: 'bad' });
      if (!now.acts.includes(act)) throw new ApiError(409, { code: 'conflict' });
      if (now.version !== item.seen?.version) throw new ApiError(412, { code: 'version_conflict' });
      this.do(id, act, 'me');
      this.applied.push({ key: item.key, request: id, act, body });
    }
    const answer = this.see(id);
    this.answers.set(item.key, answer);
    return answer;
  }
  wire(): Wire {
    return {
      send: async (item) => {
        await turns(this.rng);
        const luck = this.rng();
        if (this.isDown || luck < 0.08) throw new ApiError(0, {});
        if (luck < 0.12) throw new ApiError(429, {}, 1);
        const answer = structuredClone(this.take(item));
        await turns(this.rng);
        if (this.rng() < 0.1) throw new ApiError(0, {}); /* applied, and nobody heard */
        return answer;
      },
      note: async (key, request) => {
        await turns(this.rng);
        this.receipts.set(key, request);
      },
      noted: async (key) => {
        await turns(this.rng);
        return this.receipts.get(key);
      },
      look: async (id) => {
        await turns(this.rng);
        if (this.isDown || this.rng() < 0.05) throw new ApiError(0, {});
        return structuredClone(this.see(id));
      },
    };
  }
}

class World {
  readonly store: Store;
  readonly server: Server;
  readonly put: OutboxItem[] = [];
  readonly takenBack = new Set<string>();
  readonly wrong: string[] = [];
  private leader: object | null = null;
  clock = 0;
  constructor(readonly rng: Rng) {
    this.store = new Store(rng);
    this.server = new Server(rng);
  }

  async capture(lane: string, kind: 'report' | 'act', body: Report | ActDraft): Promise<void> {
    const seen = kind === 'act' && this.server.requests.has(lane) ? this.server.see(lane) : null;
    const item = await this.store.add({
      key: `k${this.put.length}`, owner: 'me', kind, lane: kind === 'report' ? `k${this.put.length}` : lane, body, photos: [],
      seen: seen && { version: seen.version, state: seen.state, owner: seen.owner?.id ?? null },
      createdAt: 0, deviceAt: 0, holdUntil: this.rng() < 0.2 ? this.clock + 5 : 0, wasSent: false, label: '', state: 'waiting',
    });
    this.put.push(item);
  }

  /** One tab's pass; `life` steps later the tab is gone, in the middle of whatever it does. */
  async pass(life = Infinity): Promise<void> {
    const tab = {};
    let left = life;
    const dies = () => {
      left -= 1;
      if (left < 0) throw new Error('the tab was closed');
    };
    const wire = this.server.wire();
    await run({
      owner: 'me', store: this.store, deviceNow: () => this.clock, workers: 1 + Math.floor(this.rng() * 3),
      wire: {
        send: async (item) => {
          dies();
          if (item.holdUntil > this.clock) this.wrong.push(`${item.key} went out while it could be undone`);
          if (item.lane.startsWith('k') && item.kind === 'act') this.wrong.push(`${item.key} went to a request that has no number yet`);
          const answer = await wire.send(item);
          dies();
          return answer;
        },
        look: wire.look,
        note: wire.note,
        noted: wire.noted,
      },
      leads: async () => {
        if (this.rng() < 0.02) this.leader = null; /* the lease ran out while the tab was frozen: two may send at once */
        this.leader ??= tab;
        return this.leader === tab;
      },
    }).catch((fault: unknown) => {
      if (!String(fault).includes('the tab was closed')) throw fault;
    });
    if (this.leader === tab) this.leader = null;
  }

  check(seed: number): void {
    expect(this.wrong, `seed ${seed}`).toEqual([]);
    const counts = new Map<string, number>();
    for (const a of this.server.applied) counts.set(a.key, (counts.get(a.key) ?? 0) + 1);
    const listed = new Set(this.store.items.map((i) => i.key));
    for (const item of this.put) {
      const times = counts.get(item.key) ?? 0;
      expect(times, `seed ${seed}: ${item.key} doubled`).toBeLessThanOrEqual(1);
      if (this.takenBack.has(item.key)) expect(times, `seed ${seed}: ${item.key} was undone and sent`).toBe(0);
      else expect(times === 1 || listed.has(item.key), `seed ${seed}: ${item.key} lost`).toBe(true);
      expect(times === 1 && listed.has(item.key), `seed ${seed}: ${item.key} done and listed`).toBe(false);
    }
    /* per request in the order of capture */
    const byRequest = new Map<string, number[]>();
    for (const a of this.server.applied) byRequest.set(a.request, [...(byRequest.get(a.request) ?? []), Number(a.key.slice(1))]);
    for (const [id, keys] of byRequest) expect(keys, `seed ${seed}: order on ${id}`).toEqual([...keys].sort((x, y) => x - y));
    /* what waits at the end waits behind something the person has to look at */
    for (const item of this.store.items.filter((i) => i.state === 'waiting')) {
      const first = this.store.items.find((i) => i.lane === item.lane);
      expect(first?.state, `seed ${seed}: ${item.key} waits for nothing`).not.toBe('waiting');
    }
  }
}

const ACTS: ActDraft['act'][] = ['claim', 'start', 'answer', 'finish', 'close', 'release'];

async function story(seed: number): Promise<World> {
  const rng = rngOf(seed);
  const w = new World(rng);
  const lanes = Array.from({ length: 3 }, () => w.server.make());
  const running: Promise<void>[] = [];
  for (let step = 0; step < 60; step += 1) {
    const luck = rng();
    if (luck < 0.45) {
      const text = rng() < 0.03 ? 'bad' : `t${step}`;
      await w.capture(pick(rng, lanes), 'act', { act: pick(rng, ACTS), text });
    } else if (luck < 0.52) {
      await w.capture('', 'report', { category: 'FOOD', text: `r${step}` });
      lanes.push(w.put[w.put.length - 1]?.lane as string);
    } else if (luck < 0.6) {
      const known = lanes.filter((l) => w.server.requests.has(l));
      w.server.do(pick(rng, known), pick(rng, ACTS), rng() < 0.5 ? 'other' : 'me');
    } else if (luck < 0.72) {
      running.push(w.pass(rng() < 0.3 ? Math.floor(rng() * 6) : Infinity));
    } else if (luck < 0.8) {
      const item = pick(rng, w.store.items);
      if (item && (await takeBack(w.store, item))) {
        for (const i of item.kind === 'report' ? w.put.filter((p) => p.lane === item.key) : [item]) {
          if (!w.store.items.some((s) => s.key === i.key)) w.takenBack.add(i.key);
        }
        if (item.kind === 'report') lanes.splice(lanes.indexOf(item.key), 1);
      }
    } else if (luck < 0.85) {
      const stuck = w.store.items.filter((i) => i.state !== 'waiting');
      if (stuck.length > 0) await again(w.store, pick(rng, stuck));
    } else if (luck < 0.9) {
      w.server.isDown = !w.server.isDown;
    } else {
      w.clock += 2;
      await turns(rng);
    }
  }
  await Promise.all(running);
  w.server.isDown = false;
  w.clock += 100;
  for (let n = 0; n < 80; n += 1) await w.pass();
  return w;
}

describe('the queue', () => {
  it('loses nothing, doubles nothing and keeps the order, whatever comes between', async () => {
    let sent = 0;
    let stuck = 0;
    let undone = 0;
    for (let seed = 1; seed <= 150; seed += 1) {
      const w = await story(seed);
      w.check(seed);
      sent += w.server.applied.length;
      stuck += w.store.items.filter((i) => i.state !== 'waiting').length;
      undone += w.takenBack.size;
    }
    /* the stories are about something */
    expect(sent).toBeGreaterThan(500);
    expect(stuck).toBeGreaterThan(100);
    expect(undone).toBeGreaterThan(50);
  }, 60_000);

  it('500 edits of eight hours without network arrive once each, in order', async () => {
    const w = new World(rngOf(7));
    const lanes = Array.from({ length: 60 }, () => w.server.make());
    w.server.isDown = true;
    for (let n = 0; n < 500; n += 1) {
      await w.capture(lanes[n % lanes.length] as string, 'act', { act: n < 60 ? 'claim' : n < 120 ? 'start' : 'answer', text: `${n}` });
      if (n % 50 === 0) await w.pass();
    }
    for (const id of lanes.slice(0, 5)) w.server.do(id, 'claim', 'other'); /* five were taken by somebody else */
    w.server.isDown = false;
    w.clock += 100;
    for (let n = 0; n < 150; n += 1) await Promise.all([w.pass(), w.pass()]);
    w.check(7);
    expect(w.store.items.filter((i) => i.state === 'conflict').map((i) => i.lane).sort()).toEqual(lanes.slice(0, 5).sort());
    expect(w.server.applied.length).toBe(500 - w.store.items.length);
    /* 500 over 60 requests: nine for each of the first five, all waiting behind the claim that came too late */
    expect(w.store.items.length).toBe(5 * 9);
  }, 60_000);

  const calm = () => {
    const w = new World(() => 0.99); /* no faults, no turns lost */
    return { w, id: w.server.make() };
  };

  it('goes on over a newer version when what it relies on is as it was seen', async () => {
    const { w, id } = calm();
    await w.capture(id, 'act', { act: 'claim' });
    w.server.do(id, 'answer', 'other');
    await w.pass();
    expect(w.server.applied.map((a) => a.act)).toEqual(['claim']);
  });

  it('does not when somebody else has it now, though the act would be possible', async () => {
    const { w, id } = calm();
    w.server.do(id, 'claim', 'me');
    await w.capture(id, 'act', { act: 'finish' });
    w.server.do(id, 'start', 'me'); /* from another device: finishing would be possible */
    await w.pass();
    expect(w.server.applied).toEqual([]);
    expect(w.store.items.map((i) => [i.state, i.now?.state, i.now?.isPossible])).toEqual([['conflict', 'working', true]]);
    await again(w.store, w.store.items[0] as OutboxItem);
    await w.pass();
    expect(w.server.applied.map((a) => a.act)).toEqual(['finish']);
  });

  it('says what was to be said whatever happened meanwhile', async () => {
    const { w, id } = calm();
    await w.capture(id, 'act', { act: 'answer', text: 'x' });
    w.server.do(id, 'claim', 'other');
    await w.pass();
    expect(w.server.applied.map((a) => a.act)).toEqual(['answer']);
  });

  it('dropping a report takes with it what was to follow on it; dropping an act lets the next one go', async () => {
    const { w, id } = calm();
    await w.capture('', 'report', { category: 'FOOD', text: 'x' });
    await w.capture('k0', 'act', { act: 'claim' });
    await takeBack(w.store, { key: 'k0', lane: 'k0' });
    await w.capture(id, 'act', { act: 'claim', text: 'bad' });
    await w.capture(id, 'act', { act: 'answer', text: 'y' });
    await w.pass();
    expect(w.store.items.map((i) => i.state)).toEqual(['refused', 'waiting']);
    await takeBack(w.store, { key: 'k2', lane: id });
    await w.pass();
    expect(w.server.applied.map((a) => a.key)).toEqual(['k3']);
  });
});
