/** The ways in which a step ends without being completed. */
import type { Step } from '../core/lifecycle.ts';

/** The lead waits; nothing of it failed for good. */
export class Park extends Error {
  override readonly name = 'Park';
  /** Epoch ms from which the lead may be taken again; null for at once. */
  readonly untilMs: number | null;

  constructor(reason: string, untilMs: number | null) {
    super(reason);
    this.untilMs = untilMs;
  }
}

/** Something outside keeps the lead from going on; how long it waits is not for the step to say. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
}

/** The lead cannot go on without a person. */
export class Block extends Error {
  override readonly name = 'Block';
  readonly step: Step | null;
  readonly n: number | null;
  readonly code: string;

  constructor(
    reason: string,
    at: { step: Step | null; n?: number | null; code: string; cause?: unknown },
  ) {
    super(reason, { cause: at.cause });
    this.step = at.step;
    this.n = at.n ?? null;
    this.code = at.code;
  }
}
