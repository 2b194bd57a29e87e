/* Times as people say them, always in the community's zone (Asia/Shanghai), whatever the device thinks.
 * The API speaks RFC 3339; here a time is a number of milliseconds (UTC), null where there is none. */
import { readonly, ref, type Ref } from 'vue';
import { serverNow } from './clock';
import { ts } from './i18n';

const ZONE_MS = 8 * 3600_000; /* China has one zone and no summer time */
const MINUTE = 60_000;
const HOUR = 3600_000;
const DAY = 86_400_000;

export function toMs(text: string | null | undefined): number | null {
  if (!text) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

const dayOf = (ms: number) => Math.floor((ms + ZONE_MS) / DAY);
const two = (n: number) => String(n).padStart(2, '0');

/** "14:05" */
export function clockText(ms: number): string {
  const d = new Date(ms + ZONE_MS);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

/** "今天 14:05", "明天 09:00", "10月8日 14:05" */
export function whenText(ms: number, now: number): string {
  const time = clockText(ms);
  const days = dayOf(ms) - dayOf(now);
  if (days === 0) return ts('time.today', { time });
  if (days === -1) return ts('time.yesterday', { time });
  if (days === 1) return ts('time.tomorrow', { time });
  const d = new Date(ms + ZONE_MS);
  return ts('time.date', { month: d.getUTCMonth() + 1, day: d.getUTCDate(), time });
}

/** "2 小时": the largest whole unit, never "0". */
export function spanText(ms: number): string {
  const span = Math.abs(ms);
  if (span >= DAY) return ts('time.days', { n: Math.floor(span / DAY) });
  if (span >= HOUR) return ts('time.hours', { n: Math.floor(span / HOUR) });
  return ts('time.minutes', { n: Math.max(1, Math.floor(span / MINUTE)) });
}

/** "还剩 2 小时" before the deadline, "已超 20 分钟" after. */
export function leftText(due: number | null, now: number, paused = false): string {
  if (due === null) return ts('time.none');
  if (paused) return ts('time.paused');
  const span = spanText(due - now);
  return due >= now ? ts('time.left', { span }) : ts('time.over', { span });
}

const tick = ref(0);
let ticking = false;

/** The present by the server's clock, renewed four times a minute while the page is seen. */
export function useNow(): Readonly<Ref<number>> {
  tick.value = serverNow();
  if (!ticking) {
    ticking = true;
    const renew = () => {
      if (document.visibilityState === 'visible') tick.value = serverNow();
    };
    setInterval(renew, 15_000);
    document.addEventListener('visibilitychange', renew);
  }
  return readonly(tick);
}
