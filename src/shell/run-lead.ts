/**
 * A claimed lead, taken as far as it goes: the folded state names the next effect, the effect is
 * performed, its event appended, and so on, until the lead rests, waits, or is lost.
 */
import { nextEffect } from '../../machines/fold.ts';
import type { Effect } from '../../machines/lead.ts';
import { isPlanlineError, PlanlineError } from '../core/errors.ts';
import type { Step } from '../core/lifecycle.ts';
import type { Claim, OutboxEntry } from '../ports.ts';
import { placeOf, recordFailure } from './attempts.ts';
import { begin } from './begin.ts';
import type { ShellDeps, StopSignals } from './deps.ts';
import { keepLease } from './lease.ts';
import { openStream } from './lead-stream.ts';
import { Block, Park, Trouble } from './outcomes.ts';
import { performStep } from './perform-step.ts';
import { progressOf, runContext, type LeadContext } from './run-context.ts';
import { writeRunSummary } from './run-summary.ts';

export type RunOutcome =
  | { readonly kind: 'archived' | 'blocked' | 'withdrawn' | 'lost' }
  /** Epoch ms from which it may be taken again; null for at once. */
  | { readonly kind: 'parked'; readonly untilMs: number | null; readonly reason: string };

interface Personal {
  readonly keepOut: LeadContext['keepOut'];
  lift(): void;
}

/** Names stay out of logs while their lead is worked on; lifted again, or the list grows for ever. */
function personalValues(deps: ShellDeps): Personal {
  const lifts = new Map<string, () => void>();
  return {
    keepOut(value) {
      if (value !== null && !lifts.has(value)) lifts.set(value, deps.keepOut(value));
    },
    lift() {
      for (const lift of lifts.values()) lift();
    },
  };
}

async function openLead(
  deps: ShellDeps,
  claim: Claim,
  signals: StopSignals,
  keepOut: LeadContext['keepOut'],
): Promise<LeadContext> {
  const { id } = claim.lead;
  const files = deps.artifacts.lead(id);
  const { store, clock, random, log, crash, options } = deps;
  const stream = await openStream(id, claim.epoch, {
    store,
    files,
    clock,
    random,
    log,
    crash,
    daemon: options.daemon,
  });
  return { deps, claim, stream, files, signals, keepOut };
}

function blockedNotification(lead: LeadContext, block: Block): OutboxEntry {
  const { deps, claim, stream } = lead;
  const { run, seq } = stream.state();
  return {
    key: `${claim.lead.id}/${seq}/blocked`,
    channels: deps.options.channels,
    payload: {
      kind: 'lead_blocked',
      leadId: claim.lead.id,
      runId: run?.runId ?? null,
      step: block.step,
      reason: block.message,
    },
  };
}

/** `decidedAt`: a lead that was flagged again meanwhile is not blocked by what came before. */
async function recordBlock(lead: LeadContext, block: Block, decidedAt: string): Promise<void> {
  const { deps, claim, stream } = lead;
  const leadId = claim.lead.id;
  const { run } = stream.state();
  const place = block.step === null ? '' : `${placeOf(block.step, block.n)}: `;
  const notification = blockedNotification(lead, block);
  await stream.append(
    [
      ...(notification.channels.length === 0
        ? []
        : [
            {
              type: 'notification.requested' as const,
              data: { notification_id: notification.key, kind: 'lead_blocked' },
            },
          ]),
      {
        type: 'lead.blocked',
        statusTo: 'blocked',
        data: { step: block.step, n: block.n, code: block.code, reason: block.message },
      },
    ],
    {
      notifications: [notification],
      onlyAt: decidedAt,
      patch: {
        last_error: `${place}${block.message}`,
        ...(run === null ? {} : { pipeline_progress: progressOf(run, block.step) }),
      },
    },
  );
  if (run !== null) await writeRunSummary(lead, null);
  deps.crash.reached('summary_written');
  deps.log.error(
    { leadId, step: block.step, n: block.n, code: block.code, reason: block.message },
    'Lead blocked',
  );
  deps.progress({ kind: 'blocked', leadId, reason: `${place}${block.message}` });
}

/** What may stand in an event for ever: a bug's own words may quote a text, so they are only logged. */
function reasonOf(error: unknown): { code: string; reason: string } {
  if (error instanceof PlanlineError) return { code: error.code, reason: error.message };
  const name = error instanceof Error ? error.name : 'error';
  return { code: 'bug', reason: `unexpected ${name}; the log of planline tells more` };
}

/** A step that failed without a code: an attempt of the whole step is spent. */
async function retryStep(lead: LeadContext, step: Step, error: unknown): Promise<never> {
  lead.deps.log.error({ leadId: lead.claim.lead.id, step, error }, 'A step failed unexpectedly');
  const { code, reason } = reasonOf(error);
  const failed = { step, n: null, code, reason, final: false, cause: error };
  throw new Park(reason, await recordFailure(runContext(lead), failed));
}

/** Says what an error of a step amounts to: throws Park, Trouble, Block or `stale_lease`. */
async function judge(lead: LeadContext, step: Step | null, error: unknown): Promise<never> {
  if (error instanceof Park || error instanceof Block) throw error;
  if (isPlanlineError(error, 'stale_lease')) throw error;
  if (isPlanlineError(error, 'stopping')) throw new Park('stopping', null);
  if (isPlanlineError(error, 'unavailable') || isPlanlineError(error, 'setup')) {
    lead.deps.log.error(
      { leadId: lead.claim.lead.id, step, reason: error.message },
      'Work is held up',
    );
    throw new Trouble(error.message, { cause: error });
  }
  // Before the first step there is no attempt to spend: the lead is looked at again.
  if (step === null && isPlanlineError(error, 'retryable')) {
    throw new Trouble(error.message, { cause: error });
  }
  const isFinal = isPlanlineError(error, 'permanent') || isPlanlineError(error, 'corrupt');
  if (step !== null && !isFinal) return retryStep(lead, step, error);
  lead.deps.log.error({ leadId: lead.claim.lead.id, step, error }, 'This cannot succeed as it is');
  const { code, reason } = reasonOf(error);
  throw new Block(reason, { step, code, cause: error });
}

/** Performs one effect, and records it when that blocks the lead. */
async function perform(lead: LeadContext, effect: Effect, decidedAt: string): Promise<void> {
  const step = effect.do === 'perform' ? effect.step : null;
  lead.deps.crash.during(step ?? 'begin');
  try {
    if (effect.do === 'begin') await begin(lead);
    if (effect.do === 'perform') await performStep(runContext(lead), effect.step);
    lead.deps.heldUp.over(lead.claim.lead.id);
  } catch (error) {
    if (isPlanlineError(error, 'lead_moved')) throw error;
    try {
      await judge(lead, step, error);
    } catch (judged) {
      if (!(judged instanceof Block)) throw judged;
      await recordBlock(lead, judged, decidedAt);
    }
  }
}

/** A hand edit that overtook an effect is not an error: the next turn folds it. */
async function turn(lead: LeadContext): Promise<void> {
  const { stream } = lead;
  const before = stream.state();
  try {
    await perform(lead, nextEffect(before), before.at);
  } catch (error) {
    if (!isPlanlineError(error, 'lead_moved')) throw error;
    if (stream.state().at === before.at) await stream.refresh();
    // Nothing moved after all: the row is gone without a word, or planline itself is wrong.
    if (stream.state().at === before.at) throw error;
  }
}

function ended(lead: LeadContext): RunOutcome | null {
  const { at, run } = lead.stream.state();
  if (at === 'archived' || at === 'blocked') {
    if (at === 'archived' && run !== null) {
      lead.deps.progress({
        kind: 'archived',
        leadId: lead.claim.lead.id,
        runId: run.runId,
        pages: run.blockCount,
        directory: lead.files.directory,
      });
    }
    return { kind: at };
  }
  if (at !== 'idle') return null;
  lead.deps.progress({
    kind: 'left',
    leadId: lead.claim.lead.id,
    reason: 'it was taken out of the pipeline',
  });
  return { kind: 'withdrawn' };
}

async function runToRest(lead: LeadContext): Promise<RunOutcome> {
  for (;;) {
    // Once more, now that the stream has its end: the summary is what the stream amounts to.
    if (lead.stream.state().at === 'archived') await writeRunSummary(lead, null);
    const outcome = ended(lead);
    if (outcome !== null) return outcome;
    if (lead.signals.stopping.aborted) throw new Park('stopping', null);
    await turn(lead);
  }
}

function parked(
  deps: ShellDeps,
  leadId: string,
  reason: string,
  untilMs: number | null,
): RunOutcome {
  deps.log.info({ leadId, reason, untilMs }, 'Lead parked');
  deps.progress({ kind: 'parked', leadId, reason });
  return { kind: 'parked', untilMs, reason };
}

/** What became of a run that was not brought to a halt by trouble; null when it was. */
function givenUp(deps: ShellDeps, leadId: string, error: unknown): RunOutcome | null {
  if (isPlanlineError(error, 'stale_lease')) {
    deps.log.warn({ leadId, reason: error.message }, 'Run given up: the lease is lost');
    deps.progress({ kind: 'left', leadId, reason: 'another daemon took it over' });
    return { kind: 'lost' };
  }
  if (isPlanlineError(error, 'stopping')) {
    return { kind: 'parked', untilMs: null, reason: 'stopping' };
  }
  return error instanceof Park ? parked(deps, leadId, error.message, error.untilMs) : null;
}

/** How a run ended, from what it threw. */
async function settled(deps: ShellDeps, leadId: string, error: unknown): Promise<RunOutcome> {
  const outcome = givenUp(deps, leadId, error);
  if (outcome !== null) {
    deps.heldUp.over(leadId);
    return outcome;
  }
  if (!(error instanceof Trouble)) {
    // What the stream itself cannot take (a corrupt log, a bug) must not stop the other leads.
    deps.log.error({ leadId, error }, 'This lead cannot be worked on; it is tried again later');
  }
  const reason = error instanceof Trouble ? error.message : reasonOf(error).reason;
  // The lead waits, the longer the longer it has been waiting.
  const pauseMs = await deps.heldUp.again(leadId, reason);
  return parked(deps, leadId, reason, deps.clock.now() + pauseMs);
}

/** A stream that could not be opened: whatever is in it counts as known. */
const WHOLE_STREAM = Number.MAX_SAFE_INTEGER;

/** Never rejects but for a store that cannot release: the lease then ends by itself. */
export async function runLead(
  deps: ShellDeps,
  claim: Claim,
  signals: StopSignals,
): Promise<RunOutcome> {
  const leadId = claim.lead.id;
  deps.progress({ kind: 'claimed', leadId });
  const lease = keepLease(deps, claim);
  const abort = AbortSignal.any([signals.abort, lease.lost]);
  const personal = personalValues(deps);
  let lead: LeadContext | null = null;
  let outcome: RunOutcome;
  try {
    lead = await openLead(deps, claim, { stopping: signals.stopping, abort }, personal.keepOut);
    outcome = await runToRest(lead);
    deps.heldUp.over(leadId);
  } catch (error) {
    outcome = await settled(deps, leadId, error);
  } finally {
    personal.lift();
    await lease.stop();
  }
  if (outcome.kind !== 'lost') {
    deps.crash.during('rest');
    const untilMs = outcome.kind === 'parked' ? outcome.untilMs : null;
    await deps.store.release(leadId, claim.epoch, {
      delayMs: untilMs === null ? 0 : untilMs - deps.clock.now(),
      seenSeq: lead?.stream.state().seq ?? WHOLE_STREAM,
    });
    deps.crash.reached('released');
  }
  return outcome;
}
