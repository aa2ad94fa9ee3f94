/** What the daemon appends, as counters: events are the one place where everything that happens is told. */
import { Counter, Histogram, type Registry } from 'prom-client';
import { z } from 'zod';
import { STEPS } from '../../core/lifecycle.ts';
import type { StoredEnvelope } from '../../core/events.ts';
import type { WorkMeter } from '../../ports-metrics.ts';

/** From an API's seconds to a page's quarter of an hour. */
const PROMPT_SECONDS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900];
const STEP_SECONDS = [0.1, 1, 10, 60, 300, 900, 3_600, 10_800];

/** The values that become labels: steps and codes, each of a small closed set. */
const step = z.enum(STEPS).catch('notify');
const answered = z.object({ step, duration_ms: z.number() });
const failed = z.object({ step, n: z.number().nullable(), code: z.string().max(40) });
const completed = z.object({ step, duration_ms: z.number() });
const ofStep = z.object({ step });

export function createWorkMeter(registry: Registry): WorkMeter {
  const registers = [registry];
  const events = new Counter({
    name: 'planline_events_total',
    help: 'Events that this process appended, by type.',
    labelNames: ['type'],
    registers,
  });
  const prompts = new Counter({
    name: 'planline_prompts_total',
    help: 'Prompts by how they came out: saved, refused (sent back to be mended), failed.',
    labelNames: ['step', 'outcome'],
    registers,
  });
  const promptSeconds = new Histogram({
    name: 'planline_prompt_duration_seconds',
    help: 'From sending a prompt to its whole answer.',
    labelNames: ['step'],
    buckets: PROMPT_SECONDS,
    registers,
  });
  const stepSeconds = new Histogram({
    name: 'planline_step_duration_seconds',
    help: 'A step of a run, in one go: what was parked in between is left out.',
    labelNames: ['step'],
    buckets: STEP_SECONDS,
    registers,
  });
  const retries = new Counter({
    name: 'planline_failed_attempts_total',
    help: 'Failed attempts at a step or a prompt, by code.',
    labelNames: ['step', 'code'],
    registers,
  });
  const renewals = new Counter({
    name: 'planline_lease_renewals_total',
    help: 'Renewals of leases: kept, failed (it is tried again), lost to another daemon.',
    labelNames: ['outcome'],
    registers,
  });

  function count({ type, data }: StoredEnvelope): void {
    events.inc({ type });
    if (type === 'prompt.answered') {
      const { step: of, duration_ms: ms } = answered.parse(data);
      promptSeconds.observe({ step: of }, ms / 1_000);
    }
    if (type === 'prompt.saved' || type === 'prompt.refused') {
      prompts.inc({ step: ofStep.parse(data).step, outcome: type.slice('prompt.'.length) });
    }
    if (type === 'attempt.failed') {
      const { step: of, n, code } = failed.parse(data);
      retries.inc({ step: of, code });
      if (n !== null) prompts.inc({ step: of, outcome: 'failed' });
    }
    if (type === 'step.completed') {
      const { step: of, duration_ms: ms } = completed.parse(data);
      stepSeconds.observe({ step: of }, ms / 1_000);
    }
  }

  return {
    appended: (all) => {
      for (const event of all) count(event);
    },
    leaseRenewed: (outcome) => renewals.inc({ outcome }),
  };
}
