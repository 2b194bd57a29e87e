// Deadlines as the server counts them: reminder in the last tenth of the time given, yellow card when
// it is over, red card when it is over by as long as was given (src/domain/request.c).
import type { Request } from '../types'

export type Level = 'none' | 'reminder' | 'yellow' | 'red'

export interface Clock {
  kind: 'respond' | 'close'
  due: number
  level: Level
  /** ms until it is due; negative when it is over */
  left: number
  paused: boolean
}

const RANK: Record<Level, number> = { none: 0, reminder: 1, yellow: 2, red: 3 }

export function levelOf(from: number, due: number, now: number): Level {
  const given = due - from
  if (given <= 0 || now < due - given / 10) return 'none'
  if (now < due) return 'reminder'
  return now - due < given ? 'yellow' : 'red'
}

type Timed = Pick<
  Request,
  'state' | 'created_at' | 'changed_at' | 'responded_at' | 'respond_due_at' | 'close_due_at' | 'paused'
>

/** Both clocks that still run; empty when nothing is owed any more. */
export function clocksOf(r: Timed, now: number): Clock[] {
  const out: Clock[] = []
  const from = Date.parse(r.created_at)
  // a paused clock stands where it was when the resident was asked
  const at = r.paused ? Math.min(now, Date.parse(r.changed_at)) : now
  const add = (kind: Clock['kind'], due: string) => {
    const ms = Date.parse(due)
    out.push({ kind, due: ms, level: levelOf(from, ms, at), left: ms - at, paused: r.paused })
  }

  if (['closed', 'merged', 'refused', 'withdrawn'].includes(r.state)) return out
  if (!r.responded_at && r.respond_due_at) add('respond', r.respond_due_at)
  if (r.close_due_at && r.state !== 'done') add('close', r.close_due_at)
  return out
}

/** The one a card shows: the worse; of two equal ones the nearer. */
export function clockOf(r: Timed, now: number): Clock | null {
  const all = clocksOf(r, now)
  return all.sort((a, b) => RANK[b.level] - RANK[a.level] || a.due - b.due)[0] ?? null
}

export function isOverdue(r: Timed, now: number): boolean {
  const clock = clockOf(r, now)
  return clock !== null && RANK[clock.level] >= RANK.yellow
}

/** A length of time in two figures at most: 45 min, 3 h 20 min, 2 d 4 h. */
export interface Span {
  days: number
  hours: number
  minutes: number
}

export function spanOf(ms: number): Span {
  const minutes = Math.floor(Math.abs(ms) / 60_000)
  return { days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60), minutes: minutes % 60 }
}
