/** What a lead's stream amounts to: facts of the run that the chart's states do not carry. */
import type { ArtifactRef, SentRef, StoredEvent } from './events.ts';
import { msOf } from './instant.ts';
import type { ChatStep, Step } from './lifecycle.ts';
import type { QualityWarning } from './quality.ts';
import { artifactsOf } from './recorded.ts';

/** An answer that could not be used, and what is said to have it mended. */
export interface RepairState {
  /** Repairs of this attempt so far, this one included. */
  readonly count: number;
  readonly prompt: ArtifactRef;
  readonly reply: ArtifactRef;
  /** The conversation in which the answer was given. */
  readonly ref: SentRef | null;
}

export interface PromptState {
  readonly step: ChatStep;
  readonly n: number;
  readonly phase: 'staged' | 'send_intended' | 'sent' | 'answered' | 'saved' | 'refused' | 'failed';
  /** The prompt's file; set once it was staged. */
  readonly prompt: ArtifactRef | null;
  readonly requestId: string | null;
  readonly ref: SentRef | null;
  /** The reply's file; set in phase `saved`. */
  readonly reply: ArtifactRef | null;
  /** Set while the prompt that is sent, or is to be sent, is a repair. */
  readonly repair: RepairState | null;
  /** Conversations of earlier sends of this prompt that were given up. */
  readonly spent: readonly SentRef[];
}

/** Failed attempts of one effect: a step, or one prompt of a step. */
export interface Failures {
  readonly step: Step;
  readonly n: number | null;
  readonly count: number;
  /** ISO, by the clock of the machine where it failed; so is the next. */
  readonly failedAt: string;
  /** ISO; null after the last attempt. */
  readonly retryAt: string | null;
  readonly reason: string;
}

export interface FailedAttempt {
  readonly step: Step;
  readonly n: number | null;
  readonly code: string;
  readonly reason: string;
}

/** An answer that was sent back to be mended. */
export interface Repair {
  readonly step: Step;
  readonly n: number;
  readonly reason: string;
}

export interface RunState {
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly descriptionSha256: string;
  readonly blockCount: number;
  readonly driver: string;
  /** The newest ref of each path. */
  readonly artifacts: ReadonlyMap<string, ArtifactRef>;
  readonly prompts: ReadonlyMap<string, PromptState>;
  readonly failures: ReadonlyMap<string, Failures>;
  readonly completed: readonly {
    readonly step: Step;
    readonly at: string;
    readonly durationMs: number;
  }[];
  readonly retries: number;
  /** Every failed attempt, in order; reasons name structure, no content. */
  readonly failedAttempts: readonly FailedAttempt[];
  /** Every answer that was sent back, in order. */
  readonly repairs: readonly Repair[];
  readonly warnings: readonly QualityWarning[];
  readonly blocked: {
    readonly step: Step | null;
    readonly code: string;
    readonly reason: string;
  } | null;
}

export interface LeadFacts {
  readonly run: RunState | null;
  /** All runs that were started, oldest first, this one included. */
  readonly runIds: readonly string[];
  /** Hash of the description as of the last event that told it. */
  readonly descriptionSha256: string | null;
}

export const NO_FACTS: LeadFacts = { run: null, runIds: [], descriptionSha256: null };

/**
 * Epoch ms until which a failed effect is not tried again; null when its time has come. A failure in the
 * future was noted before the clock was set back: it must not wait for the same hour twice.
 */
export function waitsUntilMs(failure: Failures | undefined, nowMs: number): number | null {
  if (failure === undefined || failure.retryAt === null) return null;
  const untilMs = msOf(failure.retryAt);
  return untilMs <= nowMs || msOf(failure.failedAt) > nowMs ? null : untilMs;
}

/** Key of one prompt, or of a step without prompts (`n` null), within a run. */
export function effectKey(step: Step, n: number | null): string {
  return n === null ? step : `${step}/${n}`;
}

/**
 * Collections that the fold under way has made. Nobody else has seen them, so it writes into them where
 * it would otherwise copy them at each event; those of the state that it began with it copies once.
 */
export type Own = WeakSet<object>;

function ownMap<V>(map: ReadonlyMap<string, V>, own: Own): Map<string, V> {
  if (own.has(map)) return map as Map<string, V>;
  const copy = new Map(map);
  own.add(copy);
  return copy;
}

function withEntry<V>(
  map: ReadonlyMap<string, V>,
  key: string,
  value: V,
  own: Own,
): ReadonlyMap<string, V> {
  return ownMap(map, own).set(key, value);
}

function without<V>(map: ReadonlyMap<string, V>, key: string, own: Own): ReadonlyMap<string, V> {
  if (!map.has(key)) return map;
  const rest = ownMap(map, own);
  rest.delete(key);
  return rest;
}

function withItems<T>(list: readonly T[], items: readonly T[], own: Own): readonly T[] {
  if (items.length === 0) return list;
  if (own.has(list)) {
    (list as T[]).push(...items);
    return list;
  }
  const copy = [...list, ...items];
  own.add(copy);
  return copy;
}

function withArtifacts(
  artifacts: ReadonlyMap<string, ArtifactRef>,
  refs: readonly ArtifactRef[],
  own: Own,
): ReadonlyMap<string, ArtifactRef> {
  if (refs.length === 0) return artifacts;
  const all = ownMap(artifacts, own);
  for (const ref of refs) all.set(ref.path, ref);
  return all;
}

type PromptEvent = Extract<StoredEvent, { type: `prompt.${string}` }>;

function unsaved(event: PromptEvent): PromptState {
  const { step, n } = event.data;
  return {
    step,
    n,
    phase: 'staged',
    prompt: null,
    requestId: null,
    ref: null,
    reply: null,
    repair: null,
    spent: [],
  };
}

/** Conversations given up, with others that now are. */
function spentWith(
  spent: readonly SentRef[],
  ...others: readonly (SentRef | null | undefined)[]
): readonly SentRef[] {
  const given = others.filter((one) => one !== null && one !== undefined);
  return [...spent, ...given.filter((one) => !spent.some((old) => old.id === one.id))];
}

function foldPrompt(state: PromptState, event: PromptEvent): PromptState {
  switch (event.type) {
    case 'prompt.staged':
      return { ...unsaved(event), prompt: event.data.prompt };
    case 'prompt.send_intended':
      return {
        ...state,
        phase: 'send_intended',
        requestId: event.data.request_id,
        ref: null,
        // A repair goes on in the conversation that it mends.
        spent: state.repair === null ? spentWith(state.spent, state.ref) : state.spent,
      };
    case 'prompt.sent':
      return { ...state, phase: 'sent', ref: event.data.ref };
    case 'prompt.answered':
      return { ...state, phase: 'answered' };
    case 'prompt.saved':
      return { ...state, phase: 'saved', reply: event.data.reply, repair: null };
    case 'prompt.refused': {
      const { repairs: count, repair, reply } = event.data;
      return {
        ...state,
        phase: 'refused',
        requestId: null,
        ref: null,
        // A repair in a conversation of its own leaves the one before it.
        spent:
          state.repair?.ref?.id === state.ref?.id
            ? state.spent
            : spentWith(state.spent, state.repair?.ref),
        repair: { count, prompt: repair, reply, ref: state.ref },
      };
    }
  }
}

function repairOf({ data }: Extract<StoredEvent, { type: 'prompt.refused' }>): Repair {
  const { step, n, reason } = data;
  return { step, n, reason };
}

function foldPromptEvent(run: RunState, event: PromptEvent, own: Own): RunState {
  const key = effectKey(event.data.step, event.data.n);
  const prompt = foldPrompt(run.prompts.get(key) ?? unsaved(event), event);
  return {
    ...run,
    prompts: withEntry(run.prompts, key, prompt, own),
    artifacts: withArtifacts(run.artifacts, artifactsOf(event), own),
    failures: event.type === 'prompt.saved' ? without(run.failures, key, own) : run.failures,
    repairs:
      event.type === 'prompt.refused'
        ? withItems(run.repairs, [repairOf(event)], own)
        : run.repairs,
  };
}

function givenUp(prompt: PromptState): PromptState {
  return {
    ...prompt,
    phase: 'failed',
    requestId: null,
    ref: null,
    repair: null,
    spent: spentWith(prompt.spent, prompt.ref, prompt.repair?.ref),
  };
}

function foldFailure(
  run: RunState,
  { data, occurred_at: failedAt }: Extract<StoredEvent, { type: 'attempt.failed' }>,
  own: Own,
): RunState {
  const key = effectKey(data.step, data.n);
  const failure: Failures = {
    step: data.step,
    n: data.n,
    count: data.attempt,
    failedAt,
    retryAt: data.retry_at,
    reason: data.reason,
  };
  const prompt = run.prompts.get(key);
  return {
    ...run,
    failures: withEntry(run.failures, key, failure, own),
    prompts:
      prompt === undefined || data.keeps_request
        ? run.prompts
        : withEntry(run.prompts, key, givenUp(prompt), own),
    retries: run.retries + 1,
    failedAttempts: withItems(
      run.failedAttempts,
      [{ step: data.step, n: data.n, code: data.code, reason: data.reason }],
      own,
    ),
  };
}

/** Folds an event that belongs to the run under way. */
function foldRun(run: RunState, event: StoredEvent, own: Own): RunState {
  switch (event.type) {
    case 'prompt.staged':
    case 'prompt.send_intended':
    case 'prompt.sent':
    case 'prompt.answered':
    case 'prompt.saved':
    case 'prompt.refused':
      return foldPromptEvent(run, event, own);
    case 'attempt.failed':
      return foldFailure(run, event, own);
    case 'step.completed': {
      const { step, duration_ms: durationMs, warnings } = event.data;
      return {
        ...run,
        artifacts: withArtifacts(run.artifacts, artifactsOf(event), own),
        failures: without(run.failures, step, own),
        completed: withItems(run.completed, [{ step, at: event.occurred_at, durationMs }], own),
        warnings: withItems(run.warnings, warnings, own),
        finishedAt: event.status_to === 'archived' ? event.occurred_at : null,
      };
    }
    case 'lead.blocked': {
      const { step, code, reason } = event.data;
      return { ...run, blocked: { step, code, reason } };
    }
    case 'run.resumed':
      return {
        ...run,
        artifacts: withArtifacts(run.artifacts, artifactsOf(event), own),
        failures: new Map(),
        blocked: null,
      };
    default:
      return run;
  }
}

function startRun(event: Extract<StoredEvent, { type: 'run.started' }>, own: Own): RunState {
  return {
    runId: event.run_id ?? '',
    startedAt: event.occurred_at,
    finishedAt: null,
    descriptionSha256: event.data.description_sha256,
    blockCount: event.data.block_count,
    driver: event.data.driver,
    artifacts: withArtifacts(new Map(), artifactsOf(event), own),
    prompts: new Map(),
    failures: new Map(),
    completed: [],
    retries: 0,
    failedAttempts: [],
    repairs: [],
    warnings: [],
    blocked: null,
  };
}

/**
 * The facts after one more event. Total: which events may come when is the chart's to say. With the
 * same `own` for the events of one fold, only the facts after the last of them may be kept.
 */
export function foldFacts(facts: LeadFacts, event: StoredEvent, own: Own): LeadFacts {
  if (event.type === 'run.started') {
    const run = startRun(event, own);
    return { ...facts, run, runIds: withItems(facts.runIds, [run.runId], own) };
  }
  // Nothing of the run is left to go on with; its id stays taken.
  if (event.type === 'lead.erased') return { ...NO_FACTS, runIds: facts.runIds };
  if (event.type === 'lead.flagged' || event.type === 'lead.edited') {
    return { ...facts, descriptionSha256: event.data.description_sha256 };
  }
  return facts.run === null ? facts : { ...facts, run: foldRun(facts.run, event, own) };
}

/** Prompts of the run whose replies are saved. */
export function promptsDone(run: RunState): number {
  let done = 0;
  for (const prompt of run.prompts.values()) if (prompt.phase === 'saved') done += 1;
  return done;
}
