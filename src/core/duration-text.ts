/** Durations for people. */

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/** `2 min 5 s`, `1 h`, `3 d 4 h`: the two largest units, rounded down; below a second `less than 1 s`. */
export function durationText(ms: number): string {
  let seconds = Math.floor(ms / 1_000);
  if (seconds < 1) return 'less than 1 s';
  const first = UNITS.findIndex(([, unit]) => seconds >= unit);
  const parts: string[] = [];
  for (const [name, unit] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(seconds / unit);
    seconds -= count * unit;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.join(' ');
}
