/**
 * The chart of one lead: states mirror `junior_leads.status`, with the steps of a run inside. Pure
 * data: no I/O, no clock, no context. A state's `meta` names what is to be done next; what an event
 * carries is folded in `fold.ts`.
 */
import { setup } from 'xstate';
import {
  isChatStep,
  STATUS_OF_STEP,
  stepAfter,
  STEPS,
  type RunningStatus,
  type Step,
} from '../src/core/lifecycle.ts';

/** What the shell is to do in a state. */
export type Effect =
  /** Start a run, or resume the one that stopped. */
  | { readonly do: 'begin' }
  | { readonly do: 'perform'; readonly step: Step }
  /** Nothing: the lead rests until a person flags it. */
  | { readonly do: 'rest' };

/** What moves or is accepted by the chart; derived from a stored event by `fold.ts`. */
export type ChartEvent = { readonly type: string };

/** `#lead.processing.plan` … */
const idOf = (step: Step): string => `#lead.${STATUS_OF_STEP[step]}.${step}`;

/** A fact that is kept without moving: the action describes it, the fold performs it. */
const keep = { actions: 'keep' } as const;

/** Accepted wherever a lead is: what people and the outbox do takes no permission. */
const anywhere = {
  'lead.withdrawn': { target: '#lead.idle' },
  'lead.deleted': { target: '#lead.idle' },
  'lead.erased': { target: '#lead.erased' },
  'lead.edited': keep,
  'run.pruned': keep,
  'notification.requested': keep,
  'notification.delivered': keep,
  'notification.abandoned': keep,
} as const;

const promptFacts = {
  'prompt.staged': keep,
  'prompt.send_intended': keep,
  'prompt.sent': keep,
  'prompt.answered': keep,
  'prompt.saved': keep,
  'prompt.refused': keep,
} as const;

function stepState(step: Step) {
  const next = stepAfter(step);
  return {
    meta: { do: 'perform', step } satisfies Effect,
    on: {
      [`step.completed:${step}`]: { target: next === null ? '#lead.archived' : idOf(next) },
      'attempt.failed': keep,
      ...(isChatStep(step) ? promptFacts : {}),
    },
  };
}

function statusState(status: RunningStatus) {
  const steps = STEPS.filter((step) => STATUS_OF_STEP[step] === status);
  const [initial] = steps;
  if (initial === undefined) throw new Error(`no step belongs to status ${status}`);
  return {
    initial,
    on: {
      'lead.claimed': keep,
      'lead.flagged': { target: '#lead.flagged' },
      'lead.blocked': { target: '#lead.blocked' },
    },
    states: Object.fromEntries(steps.map((step) => [step, stepState(step)])),
  };
}

const resumptions = Object.fromEntries(
  STEPS.map((step) => [`run.resumed:${step}`, { target: idOf(step) }]),
);

const resting = {
  meta: { do: 'rest' } satisfies Effect,
  on: { 'lead.flagged': { target: '#lead.flagged' } },
} as const;

export const leadMachine = setup({
  types: {
    events: {} as ChartEvent,
    meta: {} as Effect,
  },
  actions: {
    /** The fold keeps the fact; see fold.ts. */
    keep: () => undefined,
  },
}).createMachine({
  id: 'lead',
  initial: 'idle',
  on: anywhere,
  states: {
    /** No row, or a status of the user's own. */
    idle: resting,
    flagged: {
      meta: { do: 'begin' },
      on: {
        'lead.claimed': keep,
        'lead.flagged': keep,
        'lead.blocked': { target: '#lead.blocked' },
        'run.started': { target: idOf('input_transform') },
        ...resumptions,
      },
    },
    processing: statusState('processing'),
    plan_ready: statusState('plan_ready'),
    html_ready: statusState('html_ready'),
    uploaded: statusState('uploaded'),
    archived: resting,
    blocked: resting,
    /** The person was forgotten. Flagged with a new description the lead begins anew. */
    erased: resting,
  },
});
