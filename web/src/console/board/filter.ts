// The board's filters live in the address, so that a view can be kept as a bookmark and sent to somebody.
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { Request } from '../types'
import { isOverdue } from './clock'

export interface Filter {
  unit: string
  grid: string
  category: string
  state: string
  urgent: boolean
  text: string
  overdue: boolean
  mine: boolean
}

function word(query: LocationQuery, name: string): string {
  const value = query[name]
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

export function filterRead(query: LocationQuery): Filter {
  return {
    unit: word(query, 'unit'),
    grid: word(query, 'grid'),
    category: word(query, 'category'),
    state: word(query, 'state'),
    urgent: word(query, 'urgent') === '1',
    text: word(query, 'q'),
    overdue: word(query, 'overdue') === '1',
    mine: word(query, 'mine') === '1',
  }
}

export function filterWrite(f: Filter): LocationQueryRaw {
  const out: LocationQueryRaw = {}
  if (f.unit) out.unit = f.unit
  if (f.grid) out.grid = f.grid
  if (f.category) out.category = f.category
  if (f.state) out.state = f.state
  if (f.urgent) out.urgent = '1'
  if (f.text) out.q = f.text
  if (f.overdue) out.overdue = '1'
  if (f.mine) out.mine = '1'
  return out
}

export const NO_FILTER: Filter = { unit: '', grid: '', category: '', state: '', urgent: false, text: '', overdue: false, mine: false }

export function isFiltered(f: Filter): boolean {
  return Object.keys(filterWrite(f)).length > 0
}

/** `words`: what the reader sees of a request beyond its own text (category and unit by name). */
export function matches(r: Request, f: Filter, me: string, now: number, words: string): boolean {
  if (f.unit && r.unit_id !== f.unit) return false
  if (f.grid && r.grid_id !== f.grid) return false
  if (f.category && r.category !== f.category) return false
  if (f.state && r.state !== f.state) return false
  if (f.urgent && !r.urgent) return false
  if (f.mine && r.owner?.id !== me) return false
  if (f.overdue && !isOverdue(r, now)) return false
  if (!f.text) return true
  const hay = `${r.number} ${r.address} ${r.text} ${r.owner?.name ?? ''} ${words}`.toLowerCase()
  return f.text
    .toLowerCase()
    .split(/\s+/)
    .every((part) => hay.includes(part))
}
