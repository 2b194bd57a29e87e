/* The time as the server has it, on devices whose clock is wrong.
 *
 * Every answer carries a Date header, in whole seconds: the server's clock was somewhere in that second between our asking
 * and our hearing the answer. Each answer thus bounds the difference of the two clocks; what all bounds have in common is
 * what is known (the intersection of intervals, as in Marzullo 1984). When a new bound has nothing in common with the old
 * ones, somebody has set a clock, and only the new one counts. The difference is kept for the next visit without network.
 * What is decided by time is decided by the server; this is for what people read, and for the age of what they did. */
const STORED = 'dy.clock';
/* whole seconds, and the server renews its text a little late under load */
const DATE_MS = 1500;
/* below this, a device's clock is right: network delay must not make times jump */
const RIGHT_MS = 2000;

export interface Bounds {
  low: number;
  high: number;
}

/** What one answer says: asked and heard by the device's clock, date by the server's, all in ms. */
export function boundsOf(asked: number, heard: number, date: number): Bounds {
  return { low: date - heard, high: date + DATE_MS - asked };
}

export function narrow(known: Bounds | null, next: Bounds): Bounds {
  if (!known) return next;
  const both = { low: Math.max(known.low, next.low), high: Math.min(known.high, next.high) };
  return both.low <= both.high ? both : next;
}

/** 0 is among what is possible, or nearly: the clock is right. */
export function offsetOf(bounds: Bounds | null): number {
  if (!bounds) return 0;
  if (bounds.low - RIGHT_MS <= 0 && bounds.high + RIGHT_MS >= 0) return 0;
  return Math.round((bounds.low + bounds.high) / 2);
}

let bounds: Bounds | null = null;
let offset = read();

function read(): number {
  try {
    return Number(localStorage.getItem(STORED)) || 0;
  } catch {
    return 0;
  }
}

/** ms since 1970 as the server would say it. */
export const serverNow = (): number => Date.now() + offset;
/** How far this device's clock is behind; negative: ahead. 0 when it is right. */
export const clockOffset = (): number => offset;

export function noteAnswer(asked: number, heard: number, dateHeader: string | null): void {
  const date = dateHeader === null ? NaN : Date.parse(dateHeader);
  if (Number.isNaN(date) || heard < asked) return;
  bounds = narrow(bounds, boundsOf(asked, heard, date));
  const next = offsetOf(bounds);
  if (next === offset) return;
  offset = next;
  try {
    localStorage.setItem(STORED, String(offset));
  } catch {
    /* known for this page only */
  }
}
