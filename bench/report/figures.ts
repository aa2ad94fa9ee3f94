/** Figures as people read them. */
import type { Measured, Row } from './section.ts';
import { median } from './statistics.ts';

/** Three significant digits, never in powers of ten: `0.0123`, `4.57`, `1,230`. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1_000
    ? rounded.toLocaleString('en-US', { maximumFractionDigits: 0 })
    : rounded.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

export function middleOf({ rounds }: Measured): number {
  return median(rounds);
}

/** Ours by theirs, of the medians. */
export function ratioTo(row: Row, other: Measured): number {
  return middleOf(row.ours) / middleOf(other);
}

/** Null where no goal is held against this subject. */
export function goalIsMet(row: Row, other: Measured): boolean | null {
  const { goal, better } = row;
  if (goal === null || goal.against !== other.subject.name) return null;
  const ratio = ratioTo(row, other);
  return better === 'lower' ? ratio <= goal.ratio : ratio >= goal.ratio;
}
