/* Between the server's times and what <input type="datetime-local"> takes: both in the reader's own zone. */
const two = (n: number): string => String(n).padStart(2, '0');

export function toLocal(ms: number): string {
  const d = new Date(ms);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** null when nothing sensible was typed. */
export function fromLocal(text: string): number | null {
  const ms = new Date(text).getTime();
  return Number.isFinite(ms) ? ms : null;
}
