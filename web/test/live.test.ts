/* The live feed: each event once, a gap told, opened again from where it stopped. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onLive, onLiveGap, startLive, stopLive } from '../src/shared/live';

class FakeSource {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    FakeSource.all.push(this);
  }
  close() {
    this.readyState = 2;
  }
  send(seq: number) {
    this.onmessage?.({ data: JSON.stringify({ seq, topic: 'request.claim', subject: 'r1', at: '', unit_id: null, payload: {} }) });
  }
}
const last = () => FakeSource.all[FakeSource.all.length - 1] as FakeSource;

beforeEach(() => {
  FakeSource.all = [];
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
});
afterEach(() => {
  stopLive();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the live feed', () => {
  it('hands on each event once, in order', () => {
    const heard: number[] = [];
    const stop = onLive((event) => heard.push(event.seq));
    startLive();
    startLive();
    expect(FakeSource.all.length).toBe(1);
    for (const seq of [4, 5, 5, 4, 7]) last().send(seq);
    expect(heard).toEqual([4, 5, 7]);
    stop();
  });

  it('opens again after a hard close, from the last event', async () => {
    startLive();
    last().send(9);
    last().readyState = 2;
    last().onerror?.();
    await vi.advanceTimersByTimeAsync(1100);
    expect(FakeSource.all.length).toBe(2);
    expect(last().url).toBe('/api/v1/events?last_event_id=9');
  });

  it('says that something may be missing when it had no position', async () => {
    let gaps = 0;
    const stop = onLiveGap(() => (gaps += 1));
    startLive();
    last().readyState = 2;
    last().onerror?.();
    await vi.advanceTimersByTimeAsync(1100);
    last().onopen?.();
    expect(gaps).toBe(1);
    stop();
  });

  it('is silent after signing out', () => {
    startLive();
    stopLive();
    expect(last().readyState).toBe(2);
  });
});
