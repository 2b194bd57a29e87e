/* How the acts the server offers are put before people. Which are possible, and what each needs, is the server's word. */
import type { ActName } from '../types';

/** One press does it: nothing to fill in, and it can be taken back or does no harm. */
const AT_ONCE: ReadonlySet<ActName> = new Set<ActName>(['claim', 'accept', 'start', 'resume', 'release', 'remind']);
/** Words may stay within the team. The others are said to the resident. */
const MAY_BE_TEAM_ONLY: ReadonlySet<ActName> = new Set<ActName>([
  'answer', 'escalate', 'hand_over', 'dispatch', 'return', 'extend_ask', 'extend_grant', 'extend_deny', 'merge',
]);
/** What is most likely next comes first. */
const ORDER: readonly ActName[] = [
  'claim', 'accept', 'start', 'finish', 'close', 'confirm', 'resume', 'answer', 'close_now', 'ask', 'dispatch', 'hand_over',
  'escalate', 'reopen', 'return', 'release', 'extend_ask', 'extend_grant', 'extend_deny', 'merge', 'rate', 'remind', 'refuse', 'withdraw',
];
const MAIN_SHOWN = 5;

export const isAtOnce = (act: ActName, needs: readonly string[]): boolean => AT_ONCE.has(act) && needs.length === 0;
export const mayBeTeamOnly = (act: ActName): boolean => MAY_BE_TEAM_ONLY.has(act);

/** Answering is always near; the rest by likelihood: a few buttons, the others behind "more". */
export function inOrder<T extends { act: ActName }>(acts: readonly T[]): { main: T[]; rest: T[] } {
  const sorted = [...acts].sort((a, b) => ORDER.indexOf(a.act) - ORDER.indexOf(b.act));
  return sorted.length <= MAIN_SHOWN + 1 ? { main: sorted, rest: [] } : { main: sorted.slice(0, MAIN_SHOWN), rest: sorted.slice(MAIN_SHOWN) };
}
