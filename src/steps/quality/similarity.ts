/** How much of two texts is the same, by the runs of words that they share. */

const RUN_WORDS = 4;

export function wordRuns(texts: readonly string[]): ReadonlySet<string> {
  const words =
    texts
      .join(' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(
    words.flatMap((_, index) =>
      index + RUN_WORDS <= words.length ? [words.slice(index, index + RUN_WORDS).join(' ')] : [],
    ),
  );
}

/** From 0, nothing in common, to 1, the same. */
export function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const run of a) if (b.has(run)) shared += 1;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}
