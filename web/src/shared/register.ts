/* The household register as both faces use it. */
import type { Schemas } from './api';

export type HouseholdRecord = Schemas['RegisterRecord'];
export type MyHousehold = Schemas['MyHousehold'];
export type Need = Schemas['RegisterNeed'];
export type Fact = Schemas['RegisterFact'];
export type RecordDraft = Schemas['RegisterDraft'];

export const NEEDS: readonly Need[] = ['elderly_alone', 'dialysis', 'infant', 'disabled', 'pet'];
export const PURPOSES = ['visit', 'medical', 'delivery', 'verify', 'emergency', 'other'] as const;

export const isNeed = (kind: Fact['kind']): kind is Need => (NEEDS as readonly string[]).includes(kind);
export const needsOf = (r: HouseholdRecord): Need[] => NEEDS.filter((n) => r.facts.some((f) => f.kind === n && f.holds));

/** The record as a form changes it. */
export function draftOf(r: HouseholdRecord): Omit<RecordDraft, 'needs'> & { needs: Need[] } {
  return { version: r.version, name: r.name, phone: r.phone, residents: r.residents, elderly: r.elderly, needs: needsOf(r) };
}

/** "2026-03-01" of a time of the server; an expiry is the day before it ends. */
export const dayOf = (at: string, daysBefore = 0): string => {
  const ms = Date.parse(at) - daysBefore * 86_400_000 + 8 * 3_600_000;
  return new Date(ms).toISOString().slice(0, 10);
};
