/**
 * Finds the stop sign of the page: a filled square in the middle of a filled disc, dark on light or
 * light on dark. Nothing but the shape is relied on, as colours and sizes change with theme, zoom
 * and screen. It only tells when to look at the answer, never whether it is complete.
 */

/** As the screen gives it: four bytes a pixel, of which three are colours. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly bytesPerRow: number;
  readonly data: Uint8Array;
}

const BYTES_PER_PIXEL = 4;
const MIN_SIDE = 7;
const MAX_SIDE = 48;
/** Of 255: how alike pixels of one area are, and how unlike those of two. */
const SAME = 24;
const DIFFERENT = 90;
/** In sides of the square, from its centre: surely within the disc, and surely outside. */
const WITHIN_DISC = 0.86;
const OUTSIDE_DISC = 2.6;
const DIRECTIONS = 16;
/** Text may stand near the disc. */
const MIN_OUTSIDE = 11;

export function hasStopSign(pixels: Pixels): boolean {
  for (let y = 0; y < pixels.height; y += 2) {
    let start = 0;
    for (let x = 1; x <= pixels.width; x += 1) {
      if (x < pixels.width && alike(pixels, start, y, x, y)) continue;
      const side = x - start;
      if (side >= MIN_SIDE && side <= MAX_SIDE && isStopSign(pixels, start, y, side)) return true;
      start = x;
    }
  }
  return false;
}

/** `x` and `y` begin a row of `side` like pixels. */
function isStopSign(pixels: Pixels, x: number, y: number, side: number): boolean {
  const centreX = x + Math.floor(side / 2);
  const top = edge(pixels, centreX, y, -1);
  const bottom = edge(pixels, centreX, y, 1);
  const height = bottom - top - 1;
  if (Math.abs(height - side) > Math.max(1, side * 0.12)) return false;
  const centreY = top + 1 + Math.floor(height / 2);
  return (
    isFilled(pixels, centreX, centreY, side) &&
    ringAt(pixels, centreX, centreY, side, WITHIN_DISC) === DIRECTIONS &&
    DIRECTIONS - ringAt(pixels, centreX, centreY, side, OUTSIDE_DISC) >= MIN_OUTSIDE
  );
}

/** The first row up or down whose pixel is unlike the one at `y`. */
function edge(pixels: Pixels, x: number, y: number, step: 1 | -1): number {
  let at = y;
  while (Math.abs(at - y) <= MAX_SIDE + 1 && alike(pixels, x, y, x, at)) at += step;
  return at;
}

/** Near its corners a square is filled and a disc is not. */
function isFilled(pixels: Pixels, x: number, y: number, side: number): boolean {
  const reach = Math.floor(side * 0.4);
  return [-reach, reach].every((dx) =>
    [-reach, reach].every((dy) => alike(pixels, x, y, x + dx, y + dy)),
  );
}

/** In how many directions, at this distance in sides, there is the colour of the disc. */
function ringAt(pixels: Pixels, x: number, y: number, side: number, distance: number): number {
  const disc = { x: x + Math.round(side * WITHIN_DISC), y };
  if (!unlike(pixels, x, y, disc.x, disc.y)) return 0;
  let count = 0;
  for (let i = 0; i < DIRECTIONS; i += 1) {
    const angle = (2 * Math.PI * i) / DIRECTIONS;
    const atX = Math.round(x + Math.cos(angle) * side * distance);
    const atY = Math.round(y + Math.sin(angle) * side * distance);
    if (alike(pixels, disc.x, disc.y, atX, atY)) count += 1;
  }
  return count;
}

function difference(pixels: Pixels, x1: number, y1: number, x2: number, y2: number): number {
  const a = offset(pixels, x1, y1);
  const b = offset(pixels, x2, y2);
  // Outside of the picture nothing is like anything.
  if (a === null || b === null) return 255;
  let most = 0;
  for (let colour = 0; colour < 3; colour += 1) {
    const one = pixels.data[a + colour] ?? 0;
    const other = pixels.data[b + colour] ?? 0;
    most = Math.max(most, Math.abs(one - other));
  }
  return most;
}

function offset(pixels: Pixels, x: number, y: number): number | null {
  if (x < 0 || y < 0 || x >= pixels.width || y >= pixels.height) return null;
  return y * pixels.bytesPerRow + x * BYTES_PER_PIXEL;
}

function alike(pixels: Pixels, x1: number, y1: number, x2: number, y2: number): boolean {
  return difference(pixels, x1, y1, x2, y2) <= SAME;
}

function unlike(pixels: Pixels, x1: number, y1: number, x2: number, y2: number): boolean {
  return difference(pixels, x1, y1, x2, y2) >= DIFFERENT;
}

/** How many pixels differ between two pictures of the same size. */
export function countChanged(before: Pixels, after: Pixels): number {
  let changed = 0;
  for (let y = 0; y < after.height; y += 1) {
    for (let x = 0; x < after.width; x += 1) {
      const at = y * after.bytesPerRow + x * BYTES_PER_PIXEL;
      const same =
        after.data[at] === before.data[at] &&
        after.data[at + 1] === before.data[at + 1] &&
        after.data[at + 2] === before.data[at + 2];
      if (!same) changed += 1;
    }
  }
  return changed;
}
