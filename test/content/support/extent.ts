/** How much of the content suites runs: a slice in `npm test`, all of it in `npm run test:content`. */

const isWhole = process.env['CONTENT'] === 'all';

/** Inputs of a property: those of the slice, or twenty times as many. */
export function runs(slice: number): number {
  return isWhole ? slice * 20 : slice;
}

/** All of a list, or each `nth` of it. */
export function sampled<T>(all: readonly T[], nth: number): T[] {
  return isWhole ? [...all] : all.filter((_, index) => index % nth === 0);
}
