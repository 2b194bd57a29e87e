/* Deadlines as the API writes them: "none", "same_day", "next_morning", "10 min". */
import { t } from './text';

export const KINDS = ['min', 'h', 'd', 'same_day', 'next_morning', 'none'] as const;
export type Kind = (typeof KINDS)[number];
export interface Due {
  kind: Kind;
  n: number;
}

const isAmount = (kind: Kind): boolean => kind === 'min' || kind === 'h' || kind === 'd';

export function readDue(text: string | undefined): Due {
  const found = /^(\d+) (min|h|d)$/.exec(text ?? '');
  if (found) return { kind: found[2] as Kind, n: Number(found[1]) };
  return { kind: text === 'same_day' || text === 'next_morning' ? text : 'none', n: 1 };
}

export function writeDue(due: Due): string {
  return isAmount(due.kind) ? `${Math.max(1, Math.round(due.n) || 1)} ${due.kind}` : due.kind;
}

/** For people: "3 分钟", "当天". */
export function dueText(text: string | undefined): string {
  const due = readDue(text);
  const word = t(`flow.due.${due.kind}`);
  return isAmount(due.kind) ? `${due.n} ${word}` : word;
}

export { isAmount };
