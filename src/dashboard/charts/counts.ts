/** What the charts show, day by day without gaps. */
import type { ChartCounts } from '../../ports-dashboard.ts';
import { isoOf, msOf } from '../../core/instant.ts';

const DAY_MS = 86_400_000;

/** `2026-11-24`, in UTC. */
export function dayOf(ms: number): string {
  return isoOf(ms).slice(0, 10);
}

/** The `count` days that end with that of `nowMs`, oldest first. */
export function lastDays(nowMs: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => dayOf(nowMs - (count - 1 - index) * DAY_MS));
}

/** Epoch ms at which the first of those days begins. */
export function sinceMs(nowMs: number, count: number): number {
  return msOf(lastDays(nowMs, count)[0] ?? dayOf(nowMs));
}

export interface DayOfLeads {
  readonly day: string;
  readonly started: number;
  readonly archived: number;
  readonly blocked: number;
}

/** Days on which nothing happened count nought. */
export function leadsByDay(counts: ChartCounts, days: readonly string[]): readonly DayOfLeads[] {
  const known = new Map(counts.leads.map((one) => [one.day, one]));
  return days.map((day) => known.get(day) ?? { day, started: 0, archived: 0, blocked: 0 });
}
