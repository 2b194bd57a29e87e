/* Short news that need no answer: done, not done, undo. They stay long enough to be read, and what went wrong stays until
 * it is closed (no time limits for people who read slowly). */
import { shallowReactive } from 'vue';
import { ApiError } from './api';
import { ts } from './i18n';

export interface Toast {
  id: number;
  kind: 'good' | 'bad';
  text: string;
  action?: { label: string; run: () => void };
}

const GOOD_MS = 7000;
let last = 0;
export const toasts = shallowReactive<Toast[]>([]);

export function dismiss(id: number): void {
  const i = toasts.findIndex((t) => t.id === id);
  if (i >= 0) toasts.splice(i, 1);
}

export function say(text: string, action?: Toast['action']): void {
  const toast: Toast = { id: ++last, kind: 'good', text, ...(action ? { action } : {}) };
  toasts.push(toast);
  setTimeout(() => dismiss(toast.id), GOOD_MS);
}

export function sayFault(fault: unknown): void {
  const text = faultText(fault);
  if (!toasts.some((t) => t.text === text)) toasts.push({ id: ++last, kind: 'bad', text });
}

/** What a person should read about a fault: the server's hint, else ours. */
export function faultText(fault: unknown): string {
  if (!(fault instanceof ApiError)) return ts('problem.unknown');
  if (fault.status === 0) return ts('problem.offline');
  const text = fault.hint || fault.message || ts('problem.unknown');
  return fault.status >= 500 && fault.requestId ? `${text} (${ts('problem.requestNumber', { id: fault.requestId })})` : text;
}
