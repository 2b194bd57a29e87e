/* What is happening, as it happens: GET /api/v1/events through one connection per browser, not per tab.
 *
 *   const stop = onLive((event) => { if (event.topic.startsWith('request.')) reload(event.subject); });
 *   const stop = onLiveGap(() => reloadEverything());   // events may have been missed
 *
 * HTTP/1.1 gives a browser six connections to a server: with a stream per tab the seventh tab would not even load. Where
 * navigator.locks exists (https, localhost) one tab leads: it holds the stream and hands events on through a
 * BroadcastChannel. On plain http every tab has its own stream and closes it after a minute in the background.
 * The browser sends Last-Event-ID on its own retries; a stream that we open again names the last event in the address. */
import { readonly, ref } from 'vue';

export interface LiveEvent {
  seq: number;
  topic: string;
  subject: string;
  at: string;
  unit_id: string | null;
  payload: Record<string, unknown>;
}

type Message = { kind: 'event'; event: LiveEvent } | { kind: 'gap' } | { kind: 'state'; connected: boolean } | { kind: 'hello' };

const HIDDEN_MS = 60_000;
const RETRY_MS = [1000, 2000, 5000, 10_000, 30_000];

const listeners = new Set<(event: LiveEvent) => void>();
const gapListeners = new Set<() => void>();
const connected = ref(false);
export const isLive = readonly(connected);

let source: EventSource | undefined;
let channel: BroadcastChannel | undefined;
let leads = false;
let started = false;
let lastSeq = -1;
let tries = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
let release: (() => void) | undefined;

export function onLive(fn: (event: LiveEvent) => void): () => void {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

export function onLiveGap(fn: () => void): () => void {
  gapListeners.add(fn);
  return () => gapListeners.delete(fn);
}

function hear(message: Message): void {
  if (message.kind === 'hello') {
    /* a tab that came later asks whoever leads */
    if (leads) channel?.postMessage({ kind: 'state', connected: connected.value } satisfies Message);
    return;
  }
  if (message.kind === 'state') {
    connected.value = message.connected;
  } else if (message.kind === 'gap') {
    gapListeners.forEach((fn) => fn());
  } else if (message.event.seq > lastSeq) {
    lastSeq = message.event.seq;
    listeners.forEach((fn) => fn(message.event));
  }
}

function tell(message: Message): void {
  hear(message);
  channel?.postMessage(message);
}

function open(): void {
  close();
  const from = lastSeq >= 0 ? `?last_event_id=${lastSeq}` : '';
  source = new EventSource(`/api/v1/events${from}`);
  source.onopen = () => {
    /* without a position nothing can be sent again: whoever shows lists loads them once more */
    if (lastSeq < 0 && tries > 0) tell({ kind: 'gap' });
    tries = 0;
    tell({ kind: 'state', connected: true });
  };
  source.onmessage = (message: MessageEvent<string>) => {
    tell({ kind: 'event', event: JSON.parse(message.data) as LiveEvent });
  };
  source.onerror = () => {
    tell({ kind: 'state', connected: false });
    tries += 1;
    if (source?.readyState === EventSource.CLOSED) retryLater(); /* else the browser tries by itself */
  };
}

function retryLater(): void {
  close();
  clearTimeout(retryTimer);
  retryTimer = setTimeout(() => started && leads && open(), RETRY_MS[Math.min(tries - 1, RETRY_MS.length - 1)]);
}

function close(): void {
  source?.close();
  source = undefined;
}

function wake(): void {
  clearTimeout(hiddenTimer);
  if (!started || !leads) return;
  if (!source || source.readyState === EventSource.CLOSED) open();
}

/** Only in secure contexts; some engines have the name without the thing. */
const hasLocks = () => 'locks' in navigator && Boolean(navigator.locks);

function onVisibility(): void {
  if (document.visibilityState === 'visible') {
    wake();
  } else if (!hasLocks()) {
    hiddenTimer = setTimeout(close, HIDDEN_MS);
  }
}

/** Signed in: listen. Calling it again does nothing. */
export function startLive(): void {
  if (started) return;
  started = true;
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('pageshow', wake);
  window.addEventListener('online', wake);
  if (hasLocks() && 'BroadcastChannel' in window) {
    channel = new BroadcastChannel('danyuan-live');
    channel.onmessage = (message: MessageEvent<Message>) => hear(message.data);
    channel.postMessage({ kind: 'hello' } satisfies Message);
    void navigator.locks.request('danyuan-live', () => {
      if (!started) return undefined;
      leads = true;
      open();
      return new Promise<void>((resolve) => (release = resolve)); /* held until this tab stops or closes */
    });
  } else {
    leads = true;
    open();
  }
}

/** Signed out. */
export function stopLive(): void {
  if (!started) return;
  started = false;
  leads = false;
  lastSeq = -1;
  clearTimeout(retryTimer);
  clearTimeout(hiddenTimer);
  close();
  channel?.close();
  channel = undefined;
  release?.();
  release = undefined;
  connected.value = false;
  document.removeEventListener('visibilitychange', onVisibility);
  window.removeEventListener('pageshow', wake);
  window.removeEventListener('online', wake);
}
