/** What can be seen: whether the page still moves, whether its stop sign is shown, a screenshot. */
import { basename, dirname, extname } from 'node:path';
import { FileType, Region as ScreenRegion, screen } from '@nut-tree-fork/nut-js';
import { HelperError } from './helper-clipboard.ts';
import type { Glance, Region } from './messages.ts';
import { countChanged, hasStopSign, type Pixels } from './stop-sign.ts';

export interface Screen {
  /** Compares with the glance before, if that was of the same region. */
  glance(region: Region): Promise<Glance>;
  screenshot(region: Region, file: string): Promise<void>;
}

/** The composer, with its stop sign, is at the bottom once a conversation has begun. */
const STOP_SIGN_FROM = 0.55;

export function createScreen(): Screen {
  let before: { readonly key: string; readonly pixels: Pixels } | null = null;
  return {
    async glance(region) {
      const visible = await visiblePart(region);
      const pixels = await grab(visible);
      const key = JSON.stringify(visible);
      const changed = before?.key === key ? countChanged(before.pixels, pixels) : null;
      before = { key, pixels };
      return { changed, stopSign: hasStopSign(lowerPart(pixels)) };
    },
    async screenshot(region, file) {
      const visible = await visiblePart(region);
      const name = basename(file, extname(file));
      await screen.captureRegion(name, toScreenRegion(visible), FileType.PNG, dirname(file));
    },
  };
}

async function grab(region: Region): Promise<Pixels> {
  const { width, height, byteWidth, data } = await screen.grabRegion(toScreenRegion(region));
  return { width, height, bytesPerRow: byteWidth, data };
}

function lowerPart({ width, height, bytesPerRow, data }: Pixels): Pixels {
  const from = Math.floor(height * STOP_SIGN_FROM);
  return { width, height: height - from, bytesPerRow, data: data.subarray(from * bytesPerRow) };
}

function toScreenRegion({ left, top, width, height }: Region): ScreenRegion {
  return new ScreenRegion(left, top, width, height);
}

/** Grabbing beyond the edge of the screen fails, and windows may hang over it. */
async function visiblePart({ left, top, width, height }: Region): Promise<Region> {
  const [screenWidth, screenHeight] = await Promise.all([screen.width(), screen.height()]);
  const x = Math.max(0, left);
  const y = Math.max(0, top);
  const right = Math.min(screenWidth, left + width);
  const bottom = Math.min(screenHeight, top + height);
  if (right <= x || bottom <= y) throw new HelperError('The window is outside of the screen.');
  return { left: x, top: y, width: right - x, height: bottom - y };
}
