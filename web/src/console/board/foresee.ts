/* What an act will most likely lead to, for showing it before the server has answered, and for going on without network.
 * Only what the one who acts may do next is foreseen; what becomes of it is the server's word (src/domain/request.c). */
import type { ActDraft, ActName, PossibleAct, Request } from '../types';

type State = Request['state'];

const NEXT: Partial<Record<ActName, State>> = {
  accept: 'accepted', claim: 'claimed', start: 'working', ask: 'suspended', finish: 'done', close: 'closed', close_now: 'closed',
  release: 'accepted', return: 'returned', escalate: 'escalated', dispatch: 'dispatched', hand_over: 'dispatched',
  refuse: 'refused', merge: 'merged', reopen: 'reopened',
};
const OWNED: ActName[] = ['answer', 'finish', 'ask', 'release', 'return', 'escalate'];
const AFTER: Partial<Record<State, ActName[]>> = {
  accepted: ['claim', 'answer', 'close_now', 'escalate'],
  claimed: ['start', ...OWNED],
  working: OWNED,
};
const NEEDS: Partial<Record<ActName, PossibleAct['needs']>> = {
  answer: ['text'], ask: ['text'], finish: ['text'], close_now: ['text'], refuse: ['text'], return: ['text'], escalate: ['text'],
  reopen: ['text'], extend_ask: ['text', 'extend_minutes'], extend_grant: ['extend_minutes'], extend_deny: ['text'],
  dispatch: ['to_account_id'], hand_over: ['to_account_id'], merge: ['into_request_id'], rate: ['rating'],
};
const GIVES_UP: ReadonlySet<ActName> = new Set<ActName>(['release', 'return', 'escalate']);

export function foresee(r: Request, draft: ActDraft, me: Request['owner']): Request {
  const state = draft.act === 'answer' && r.state === 'reported' ? 'accepted' : (NEXT[draft.act] ?? r.state);
  const owner = draft.act === 'claim' ? me : GIVES_UP.has(draft.act) || 'to_account_id' in draft ? null : r.owner;
  const acts = state === r.state ? r.acts : (AFTER[state] ?? []);
  return { ...r, state, owner, acts };
}

/** What each act needs, where the server cannot be asked. The photo that some categories need is asked for by the server. */
export const needsOf = (acts: readonly ActName[]): PossibleAct[] => acts.map((act) => ({ act, needs: NEEDS[act] ?? [] }));
