import { describe, expect, it } from 'vitest';
import {
  countChanged,
  hasStopSign,
  type Pixels,
} from '../../../../src/adapters/chat/desktop/stop-sign.ts';

type Colour = readonly [number, number, number];
const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];
const DARK: Colour = [33, 33, 33];

interface Canvas extends Pixels {
  readonly data: Uint8Array;
  paint(colour: Colour, inside: (x: number, y: number) => boolean): Canvas;
}

function canvas(width: number, height: number, background: Colour): Canvas {
  // Rows are longer than their pixels, as those of a screen may be.
  const bytesPerRow = width * 4 + 16;
  const data = new Uint8Array(bytesPerRow * height);
  const made: Canvas = {
    width,
    height,
    bytesPerRow,
    data,
    paint(colour, inside) {
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
          if (inside(x, y)) data.set(colour, y * bytesPerRow + x * 4);
        }
      }
      return made;
    },
  };
  return made.paint(background, () => true);
}

const disc = (cx: number, cy: number, r: number) => (x: number, y: number) =>
  (x - cx) ** 2 + (y - cy) ** 2 <= r ** 2;
const square = (cx: number, cy: number, side: number) => (x: number, y: number) =>
  Math.abs(x - cx + 0.5) <= side / 2 && Math.abs(y - cy + 0.5) <= side / 2;

describe('the stop sign', () => {
  it.each([
    ['black on white', WHITE, BLACK, WHITE, 18, 12],
    ['white on dark', DARK, WHITE, BLACK, 18, 12],
    ['smaller', WHITE, BLACK, WHITE, 16, 10],
    ['twice as large, on a dense screen', WHITE, BLACK, WHITE, 36, 24],
    ['at one and a half', DARK, WHITE, DARK, 27, 18],
    ['blue', WHITE, [0, 90, 200] as Colour, WHITE, 18, 12],
  ] as const)('is seen %s', (_name, background, ring, inner, radius, side) => {
    const picture = canvas(400, 200, background)
      .paint(ring, disc(331, 122, radius))
      .paint(inner, square(331, 122, side));
    expect(hasStopSign(picture)).toBe(true);
  });

  it.each([
    ['an empty page', canvas(400, 200, WHITE)],
    ['a disc alone', canvas(400, 200, WHITE).paint(BLACK, disc(330, 120, 18))],
    [
      'a disc within a disc, as for recording',
      canvas(400, 200, WHITE)
        .paint(BLACK, disc(330, 120, 18))
        .paint(WHITE, disc(330, 120, 7)),
    ],
    ['a square alone', canvas(400, 200, WHITE).paint(BLACK, square(330, 120, 12))],
    [
      'a square within a square',
      canvas(400, 200, WHITE)
        .paint(BLACK, square(330, 120, 80))
        .paint(WHITE, square(330, 120, 12)),
    ],
    [
      'the arrow of the send button',
      canvas(400, 200, WHITE)
        .paint(BLACK, disc(330, 120, 18))
        .paint(WHITE, (x, y) => Math.abs(x - 330) <= 1 && Math.abs(y - 120) <= 7)
        .paint(
          WHITE,
          (x, y) => Math.abs(Math.abs(x - 330) - (y - 113)) <= 1 && y >= 113 && y <= 119,
        ),
    ],
    [
      'two bars, as for pausing',
      canvas(400, 200, WHITE)
        .paint(BLACK, disc(330, 120, 18))
        .paint(WHITE, (x, y) => Math.abs(y - 120) <= 6 && [3, 4, 5].includes(Math.abs(x - 330))),
    ],
  ])('is not seen in %s', (_name, picture) => {
    expect(hasStopSign(picture)).toBe(false);
  });
});

describe('pixels that changed', () => {
  it('are counted by their colours alone', () => {
    const before = canvas(40, 20, WHITE);
    const after = canvas(40, 20, WHITE).paint(BLACK, (x, y) => x < 2 && y < 10);
    expect(countChanged(before, before)).toBe(0);
    expect(countChanged(before, after)).toBe(20);
    after.data[3] = 7;
    expect(countChanged(before, after)).toBe(20);
  });
});
