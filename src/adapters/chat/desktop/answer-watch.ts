/** What to do next while an answer is awaited: a fold over what is seen and copied; time is told. */
import type { Unframed } from './framing.ts';
import type { Glance } from './messages.ts';
import type { Timings } from './timings.ts';

/** A caret blinks, a counter ticks: so many pixels may change on a page at rest. */
const STILL_PIXELS = 90;
/** A complete copy is taken though the page still moves when the next one is the same. */
const CONFIRM_MS = 1_000;
/** At rest without an answer, copies are taken at growing distances. */
const FIRST_GAP_MS = 1_000;
/** On a slow machine few copies fit into any time, and the page may have refused them. */
const SAME_COPIES_AT_END = 3;

export interface AnswerWatch {
  /** When something last moved, or our window could not be seen. */
  readonly movedMs: number;
  readonly stopSign: boolean;
  /** When the stop sign was last shown since the prompt was sent; null when it never was. */
  readonly stopSignMs: number | null;
  /** What the last copy gave, and when it was taken; null before the first. */
  readonly copy: { readonly atMs: number; readonly unframed: Unframed } | null;
  /** When a copy last gave something else than the one before. */
  readonly changedMs: number;
  /** Copies in a row that gave the same. */
  readonly sameCopies: number;
  /** When the whole page was last read for a reason, and how often it was. */
  readonly diagnosedMs: number;
  readonly diagnoses: number;
}

export type NextLook = 'wait' | 'copy' | 'diagnose';

export type AnswerVerdict = 'going' | 'complete' | 'incomplete' | 'nothing_came';

/** `stopSignMs` is when the stop sign was seen already, or null. */
export function beginWatch(nowMs: number, stopSignMs: number | null = null): AnswerWatch {
  return {
    movedMs: nowMs,
    stopSign: false,
    stopSignMs,
    copy: null,
    changedMs: nowMs,
    sameCopies: 0,
    diagnosedMs: nowMs,
    diagnoses: 0,
  };
}

/** `glance` is null when our window is not in front: then nothing can be said about it. */
export function glanced(watch: AnswerWatch, nowMs: number, glance: Glance | null): AnswerWatch {
  if (glance === null) return { ...watch, movedMs: nowMs };
  return {
    ...watch,
    movedMs: isStill(glance) ? watch.movedMs : nowMs,
    stopSign: glance.stopSign,
    stopSignMs: glance.stopSign ? nowMs : watch.stopSignMs,
  };
}

export function copied(watch: AnswerWatch, nowMs: number, unframed: Unframed): AnswerWatch {
  const same = watch.copy !== null && isSame(watch.copy.unframed, unframed);
  return {
    ...watch,
    copy: { atMs: nowMs, unframed },
    changedMs: same ? watch.changedMs : nowMs,
    sameCopies: same ? watch.sameCopies + 1 : 0,
  };
}

export function diagnosed(watch: AnswerWatch, nowMs: number): AnswerWatch {
  return { ...watch, diagnosedMs: nowMs, diagnoses: watch.diagnoses + 1 };
}

export function nextLook(watch: AnswerWatch, nowMs: number, timings: Timings): NextLook {
  const { copy, changedMs, diagnosedMs, diagnoses, sameCopies } = watch;
  const atRest = isAtRest(watch, nowMs, timings.restMs);
  if (copy === null) return atRest || nowMs - changedMs >= timings.lookMs ? 'copy' : 'wait';
  const quietMs = nowMs - Math.max(changedMs, diagnosedMs);
  // A page that only looks busy may have lost its connection, or show a dialog over its stop sign.
  const patienceMs = atRest ? timings.diagnoseMs : timings.stuckMs;
  if (quietMs >= patienceMs * 2 ** diagnoses) return 'diagnose';
  const restingGapMs = Math.min(timings.lookMs, FIRST_GAP_MS * 2 ** sameCopies);
  const gapMs = isComplete(copy.unframed) ? CONFIRM_MS : atRest ? restingGapMs : timings.lookMs;
  return nowMs - copy.atMs >= gapMs ? 'copy' : 'wait';
}

export function verdictOf(watch: AnswerWatch, nowMs: number, timings: Timings): AnswerVerdict {
  const { copy, stopSignMs, changedMs, sameCopies } = watch;
  const atRest = isAtRest(watch, nowMs, timings.restMs);
  if (copy !== null && isComplete(copy.unframed)) {
    return atRest || sameCopies > 0 ? 'complete' : 'going';
  }
  // Only a page whose stop sign has come and gone is known to have ended.
  if (stopSignMs === null || !atRest) return 'going';
  if (nowMs - Math.max(stopSignMs, changedMs) < timings.incompleteMs) return 'going';
  if (sameCopies < SAME_COPIES_AT_END) return 'going';
  return copy?.unframed.kind === 'open' ? 'incomplete' : 'nothing_came';
}

/** The first look at a region has nothing to be compared with. */
export function isStill({ changed }: Glance): boolean {
  return changed !== null && changed <= STILL_PIXELS;
}

function isAtRest({ movedMs, stopSign }: AnswerWatch, nowMs: number, restMs: number): boolean {
  return !stopSign && nowMs - movedMs >= restMs;
}

function isComplete({ kind }: Unframed): boolean {
  return kind === 'complete';
}

function isSame(one: Unframed, other: Unframed): boolean {
  if (one.kind === 'foreign' || other.kind === 'foreign') return one.kind === other.kind;
  return one.kind === other.kind && one.text === other.text;
}
