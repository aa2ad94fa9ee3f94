/**
 * How much is tested: by `npm test` a slice that keeps each kind of case and takes minutes, by
 * `npm run test:whole` and its parts everything.
 */
export const isWhole = process.env['PLANLINE_TESTS'] === 'whole';

/** As many of something as are wanted: of all, or of the slice. */
export function extent(slice: number, whole: number): number {
  return isWhole ? whole : slice;
}

/** All of a list, or each `nth` of it. */
export function sampled<T>(all: readonly T[], nth: number): T[] {
  return isWhole ? [...all] : all.filter((_, index) => index % nth === 0);
}
