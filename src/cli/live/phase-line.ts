/** One live line below what was printed: which prompt, where within it, and since when. */
import { createLogUpdate } from 'log-update';
import type { ChatPhase } from '../../ports.ts';
import { clockText, PHASE_LABELS } from './view.ts';

const REDRAW_EVERY_MS = 500;

export interface PhaseLine {
  show(name: string, phase: ChatPhase): void;
  /** Before anything else is printed, and at the end. */
  clear(): void;
  close(): void;
}

/** `now` is the clock's. Shows nothing where `out` is no terminal. */
export function openPhaseLine(out: NodeJS.WriteStream, now: () => number): PhaseLine {
  const region = createLogUpdate(out);
  let shown: { readonly name: string; readonly phase: ChatPhase; readonly sinceMs: number } | null =
    null;

  function draw(): void {
    if (!out.isTTY || shown === null) return;
    region(`${shown.name}  ${PHASE_LABELS[shown.phase]} ${clockText(now() - shown.sinceMs)}`);
  }
  function clear(): void {
    if (out.isTTY && shown !== null) region.clear();
    shown = null;
  }
  const timer = setInterval(draw, REDRAW_EVERY_MS);
  timer.unref();
  return {
    show(name, phase) {
      if (shown?.name === name && shown.phase === phase) return;
      shown = { name, phase, sinceMs: now() };
      draw();
    },
    clear,
    close() {
      clearInterval(timer);
      clear();
    },
  };
}
