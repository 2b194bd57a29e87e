/* What the palette finds: pages and requests from what is already here, doors from the server. Pure but for what is given. */
import type { ActName, Request } from '../types';

export interface Choice {
  id: string;
  group: 'acts' | 'pages' | 'requests' | 'doors';
  text: string;
  note: string;
  run: () => void;
}

const REQUESTS_MAX = 8;

/** All words of the question, in any order. */
export function fits(question: string, hay: string): boolean {
  const low = hay.toLowerCase();
  return question
    .toLowerCase()
    .split(/\s+/)
    .every((part) => low.includes(part));
}

/** By number first ("017" finds 1125-017), else by address and words; what is open before what has ended. */
export function requestsFor(question: string, all: Iterable<Request>): Request[] {
  const q = question.trim();
  if (q === '') return [];
  const hits: { r: Request; rank: number }[] = [];
  for (const r of all) {
    const isEnded = r.closed_at !== null || ['merged', 'refused', 'withdrawn'].includes(r.state);
    if (r.number === q || r.number.endsWith(`-${q.padStart(3, '0')}`)) hits.push({ r, rank: isEnded ? 1 : 0 });
    else if (fits(q, `${r.number} ${r.address} ${r.text} ${r.owner?.name ?? ''}`)) hits.push({ r, rank: isEnded ? 3 : 2 });
  }
  return hits
    .sort((a, b) => a.rank - b.rank || (a.r.created_at < b.r.created_at ? 1 : -1))
    .slice(0, REQUESTS_MAX)
    .map((hit) => hit.r);
}

/** Is it worth asking the server for a door? */
export const looksLikeDoor = (question: string): boolean => /\d.*[-—－号幢栋单\s].*\d|^\d{3,}$/.test(question.trim());

export const AT_ONCE: readonly ActName[] = ['claim', 'accept', 'start', 'release', 'resume'];
