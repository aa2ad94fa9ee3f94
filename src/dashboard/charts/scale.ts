/** Axes: round numbers for people, pixels for the picture. */

/** 1, 2 or 5 times a power of ten, so that `max` takes about `count` of them. */
function niceStep(max: number, count: number): number {
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough) ?? 10;
  return factor * power;
}

/** From 0 up to the first round number that is not below `max`. Whole numbers only when `isCount`. */
export function ticks(max: number, count: number, isCount: boolean): readonly number[] {
  const step = Math.max(niceStep(Math.max(max, isCount ? 1 : 0.001), count), isCount ? 1 : 0);
  const top = Math.max(1, Math.ceil(max / step - 1e-9));
  return Array.from({ length: top + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Every so many labels, so that not more than `most` are written. */
export function labelEvery(labels: number, most: number): number {
  return Math.max(1, Math.ceil(labels / most));
}
