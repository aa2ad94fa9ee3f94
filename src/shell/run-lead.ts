/**
 * A claimed lead, taken as far as it goes: the folded state names the next effect, the effect is
 * performed, its event appended, and so on, until the lead rests, waits, or is lost.
 */
import { nextEffect } from '../../machines/fold.ts';
import { isPlanlineError, messageOf, PlanlineError } from '../core/errors.ts';
import type { Step } from '../core/lifecycle.ts';
import type { Claim, OutboxEntry } from '../ports.ts';
import { placeOf, recordFailure } from './attempts.ts';
import { begin } from './begin.ts';
import type { ShellDeps, StopSignals } from './deps.ts';
import { keepLease } from './lease.ts';
import { openStream } from './lead-stream.ts';
import { Block, Park } from './outcomes.ts';
import { performStep } from './perform-step.ts';
import { progressOf, runContext, type LeadContext } from './run-context.ts';
import { writeRunSummary } from './run-summary.ts';

export type RunOutcome =
  | { readonly kind: 'archived' | 'blocked' | 'withdrawn' | 'lost' }
  /** Epoch ms from which it may be taken again; null for at once. */
  | { readonly kind: 'parked'; readonly untilMs: number | null; readonly reason: string };

/** A folder that cannot be written, or a database that lacks something, is looked at again then. */
const TROUBLE_PAUSE_MS = 60_000;

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
  const { store, clock, random, log, options } = deps;
  const stream = await openStream(id, claim.epoch, {
    store,
    files,
    clock,
    random,
    log,
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

async function recordBlock(lead: LeadContext, block: Block): Promise<void> {
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
      patch: {
        last_error: `${place}${block.message}`,
        ...(run === null ? {} : { pipeline_progress: progressOf(run, block.step) }),
      },
    },
  );
  if (run !== null) await writeRunSummary(lead, null);
  deps.log.error(
    { leadId, step: block.step, n: block.n, code: block.code, reason: block.message },
    'Lead blocked',
  );
  deps.progress({ kind: 'blocked', leadId, reason: `${place}${block.message}` });
}

/** An error of a step that is neither a park nor a block: a coded one, or a bug. */
async function settleStepError(
  lead: LeadContext,
  step: Step | null,
  error: unknown,
): Promise<void> {
  if (error instanceof Park || isPlanlineError(error, 'stale_lease')) throw error;
  if (error instanceof Block) return recordBlock(lead, error);
  if (isPlanlineError(error, 'stopping')) throw new Park('stopping', null);
  if (isPlanlineError(error, 'unavailable') || isPlanlineError(error, 'setup')) {
    lead.deps.log.error(
      { leadId: lead.claim.lead.id, step, reason: error.message },
      'Work is held up',
    );
    throw new Park(error.message, lead.deps.clock.now() + TROUBLE_PAUSE_MS);
  }
  if (step === null || isPlanlineError(error, 'permanent') || isPlanlineError(error, 'corrupt')) {
    const code = error instanceof PlanlineError ? error.code : 'bug';
    return recordBlock(lead, new Block(messageOf(error), { step, code, cause: error }));
  }
  lead.deps.log.error({ leadId: lead.claim.lead.id, step, error }, 'A step failed unexpectedly');
  try {
    const retryAtMs = await recordFailure(runContext(lead), {
      step,
      n: null,
      code: error instanceof PlanlineError ? error.code : 'bug',
      reason: messageOf(error),
      final: false,
      cause: error,
    });
    throw new Park(messageOf(error), retryAtMs);
  } catch (settled) {
    if (settled instanceof Block) return recordBlock(lead, settled);
    throw settled;
  }
}

/** Performs one effect. A hand edit that overtook it is not an error: the next turn folds it. */
async function turn(lead: LeadContext): Promise<void> {
  const { stream } = lead;
  const before = stream.state();
  const effect = nextEffect(before);
  const step = effect.do === 'perform' ? effect.step : null;
  try {
    if (effect.do === 'begin') await begin(lead);
    if (effect.do === 'perform') await performStep(runContext(lead), effect.step);
  } catch (error) {
    const moved = isPlanlineError(error, 'lead_moved');
    if (moved && stream.state().at !== before.at) return;
    if (isPlanlineError(error, 'lead_moved')) await stream.refresh();
    if (moved && stream.state().at !== before.at) return;
    await settleStepError(lead, step, error);
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
  return at === 'idle' ? { kind: 'withdrawn' } : null;
}

async function runToRest(lead: LeadContext): Promise<RunOutcome> {
  for (;;) {
    const outcome = ended(lead);
    if (outcome !== null) return outcome;
    if (lead.signals.stopping.aborted) throw new Park('stopping', null);
    await turn(lead);
  }
}

async function guarded(deps: ShellDeps, claim: Claim, signals: StopSignals): Promise<RunOutcome> {
  const leadId = claim.lead.id;
  const personal = personalValues(deps);
  try {
    return await runToRest(await openLead(deps, claim, signals, personal.keepOut));
  } catch (error) {
    if (isPlanlineError(error, 'stale_lease')) {
      deps.log.warn({ leadId, reason: error.message }, 'Run given up: the lease is lost');
      return { kind: 'lost' };
    }
    if (isPlanlineError(error, 'stopping'))
      return { kind: 'parked', untilMs: null, reason: 'stopping' };
    if (error instanceof Park) {
      deps.log.info({ leadId, reason: error.message, untilMs: error.untilMs }, 'Lead parked');
      deps.progress({ kind: 'parked', leadId, reason: error.message });
      return { kind: 'parked', untilMs: error.untilMs, reason: error.message };
    }
    // What the stream itself cannot take (a corrupt log, a bug) must not stop the other leads.
    deps.log.error({ leadId, error }, 'This lead cannot be worked on; it is tried again later');
    return {
      kind: 'parked',
      untilMs: deps.clock.now() + TROUBLE_PAUSE_MS,
      reason: messageOf(error),
    };
  } finally {
    personal.lift();
  }
}

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
  const outcome = await guarded(deps, claim, { stopping: signals.stopping, abort });
  await lease.stop();
  if (outcome.kind !== 'lost') {
    const notBefore =
      outcome.kind === 'parked' && outcome.untilMs !== null
        ? new Date(outcome.untilMs).toISOString()
        : null;
    await deps.store.release(leadId, claim.epoch, notBefore);
  }
  return outcome;
}
