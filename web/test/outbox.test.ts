/* The outbox: one key for life, sent once, kept when it cannot be sent, held back when it is refused.
 * There is no IndexedDB here: this is also the path of browsers that let nothing be stored. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
/* the client takes hold of fetch when it is made: this one stands before it and asks who stands in today */
vi.hoisted(() => {
  globalThis.fetch = (input, init) => (globalThis as unknown as { standIn: typeof fetch }).standIn(input, init);
});
import { drop, flush, onSent, outbox, put, sentBefore } from '../src/shared/outbox';

interface Sent {
  url: string;
  key: string | null;
  body: string;
}
let sent: Sent[] = [];
let answers: (() => Response | Promise<Response>)[] = [];

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' } });
const offline = () => Promise.reject(new TypeError('Failed to fetch'));
const REPORT = { category: 'REPR', text: '灯坏了' } as const;

beforeEach(() => {
  sent = [];
  answers = [];
  vi.useFakeTimers();
  const fake = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(String(input), 'http://localhost/'), init);
    sent.push({ url: new URL(request.url).pathname, key: request.headers.get('Idempotency-Key'), body: await request.clone().text() });
    return (answers.shift() ?? offline)();
  };
  vi.stubGlobal('standIn', fake);
});

afterEach(async () => {
  for (const item of [...outbox.value]) await drop(item.key);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the outbox', () => {
  it('keeps a report without network and sends it with the same key when there is one', async () => {
    const arrived: string[] = [];
    const stop = onSent((_request, key) => arrived.push(key));
    const key = await put('home', { ...REPORT }, []);
    await flush('home');
    expect(outbox.value.map((i) => i.key)).toEqual([key]);
    answers = [() => json(201, { id: 'r1' })];
    await flush('home');
    expect(outbox.value).toEqual([]);
    expect(sent.map((s) => s.key)).toEqual([key, key]);
    expect(arrived).toEqual([key]);
    stop();
  });

  it('tells what was sent before anybody listened: a receipt page that comes late is not left waiting', async () => {
    const key = await put('home', { ...REPORT }, []);
    expect(sentBefore(key)).toBeUndefined();
    answers = [() => json(201, { id: 'r8' })];
    await flush('home');
    expect(sentBefore(key)).toEqual({ id: 'r8' });
  });

  it('sends what is put while another is on its way', async () => {
    let arrive: (answer: Response) => void = () => undefined;
    answers = [() => new Promise<Response>((done) => (arrive = done)), () => json(201, { id: 'r10' })];
    await put('home', { ...REPORT }, []);
    const first = flush('home');
    await vi.advanceTimersByTimeAsync(1);
    const second = await put('home', { ...REPORT, text: '水管漏了' }, []);
    const again = flush('home');
    await vi.advanceTimersByTimeAsync(1);
    expect(sentBefore(second)).toBeUndefined();
    arrive(json(201, { id: 'r9' }));
    await Promise.all([first, again]);
    expect(sentBefore(second)).toEqual({ id: 'r10' });
    expect(outbox.value).toEqual([]);
  });

  it('tries again by itself after an overload, no sooner than the server says', async () => {
    await put('home', { ...REPORT }, []);
    answers = [() => new Response('{}', { status: 503, headers: { 'Retry-After': '4', 'Content-Type': 'application/problem+json' } }), () => json(201, { id: 'r2' })];
    await flush('home');
    await vi.advanceTimersByTimeAsync(3900);
    expect(sent.length).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(sent.length).toBe(2);
    expect(outbox.value).toEqual([]);
  });

  it('holds back what is refused, with the reason, and goes on with the next', async () => {
    await put('home', { ...REPORT, text: '一' }, []);
    vi.advanceTimersByTime(1);
    await put('home', { ...REPORT, text: '二' }, []);
    answers = [() => json(422, { code: 'input', detail: 'no such door', hint: '门牌不对' }), () => json(201, { id: 'r3' })];
    await flush('home');
    expect(outbox.value.map((i) => [i.state, i.problem])).toEqual([['refused', '门牌不对']]);
    await flush('home');
    expect(sent.length).toBe(2);
  });

  it('uploads photos first, each under a key of its own that comes from the report', async () => {
    const key = await put('home', { ...REPORT }, [new Blob(['x'], { type: 'image/jpeg' })]);
    answers = [() => json(201, { id: 'p1', width: 1, height: 1 }), () => json(201, { id: 'r4' })];
    await flush('home');
    expect(sent.map((s) => [s.url, s.key])).toEqual([['/api/v1/photos', `${key}-0`], ['/api/v1/requests', key]]);
    expect(JSON.parse(sent[1]?.body ?? '{}').photo_ids).toEqual(['p1']);
  });
});
