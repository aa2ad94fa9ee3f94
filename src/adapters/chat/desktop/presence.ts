/** Is somebody else at the desk? Decided from where the pointer is and which window is in front. */
import type { Point, Scene } from './messages.ts';

/** Scaled displays round what they are told. */
const TOLERANCE_PX = 3;

export function pointerMoved(left: Point | null, now: Point): boolean {
  if (left === null) return false;
  return Math.abs(left.x - now.x) > TOLERANCE_PX || Math.abs(left.y - now.y) > TOLERANCE_PX;
}

/** Two looks at the desk between which nobody did anything that can be seen. */
export function sameScene(before: Scene, now: Scene): boolean {
  return before.windowId === now.windowId && !pointerMoved(before.pointer, now.pointer);
}
