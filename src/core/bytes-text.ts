/** Sizes for people. */

const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** `512 B`, `1.5 kB`, `12 MB`: thousands as disks count them, three digits at most; below a thousand bytes exact. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  let size = bytes / 1_000;
  let unit = 0;
  // What rounds up to a thousand is one of the next unit.
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${UNITS[unit]}`;
}
