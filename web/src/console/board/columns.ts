// The board's columns: fourteen states in five groups, in the order work moves.
import type { Request } from '../types'

export const COLUMNS = ['intake', 'waiting', 'working', 'done', 'ended'] as const
export type Column = (typeof COLUMNS)[number]

/** A reopened request goes back to the one who owned it; without an owner it waits for a hand. */
export function columnOf(r: Pick<Request, 'state' | 'owner'>): Column {
  switch (r.state) {
    case 'reported':
    case 'escalated':
      return 'intake'
    case 'accepted':
    case 'returned':
      return 'waiting'
    case 'reopened':
      return r.owner ? 'working' : 'waiting'
    case 'dispatched':
    case 'claimed':
    case 'working':
    case 'suspended':
      return 'working'
    case 'done':
      return 'done'
    default:
      return 'ended'
  }
}

/** Urgent first, then the one whose next deadline comes first; what has ended: newest first. */
export function inOrder(column: Column, list: Request[]): Request[] {
  if (column === 'ended') return list.sort((a, b) => (ended(b) < ended(a) ? -1 : 1))
  return list.sort((a, b) => {
    if (a.urgent !== b.urgent) return a.urgent ? -1 : 1
    const x = nextDue(a)
    const y = nextDue(b)
    if (x !== y) return x < y ? -1 : 1
    return a.id < b.id ? -1 : 1
  })
}

function ended(r: Request): string {
  return r.closed_at ?? r.changed_at
}

const NEVER = '9999'

function nextDue(r: Request): string {
  if (!r.responded_at && r.respond_due_at) return r.respond_due_at
  return r.close_due_at ?? NEVER
}
