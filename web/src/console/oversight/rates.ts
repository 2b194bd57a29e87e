/* Periods and rates in words. */
import type { Schemas } from '../../shared/api';
import { serverNow } from '../../shared/clock';

export type Oversight = Schemas['Oversight'];
export type Figures = Schemas['OversightTotal'];
export type Case = Schemas['Case'];
export const WHICH = ['all', 'late', 'unsolved', 'unsatisfied', 'overdue'] as const;
export type Which = (typeof WHICH)[number];

const DAY = 86_400_000;
const SHANGHAI = 8 * 3_600_000;

/** "2026-04-23", so many days ago in the community's zone. */
export const day = (ago: number): string => new Date(serverNow() + SHANGHAI - ago * DAY).toISOString().slice(0, 10);

export const percent = (rate: Schemas['Rate']): string => (rate.of === 0 ? '–' : `${((100 * rate.n) / rate.of).toFixed(1)}%`);

/** "04-23 08:15" of a time of the server. */
export const shortTime = (at: string | null): string => (at ? at.slice(5, 16).replace('T', ' ') : '–');

export const isLate = (at: string | null, due: string | null): boolean => !!due && (at ? Date.parse(at) > Date.parse(due) : Date.parse(due) < serverNow());
