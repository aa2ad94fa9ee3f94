/** A run as rows of spans: what was worked on, asked, mended and waited for, and when. */
import type { StoredEvent } from '../../core/events.ts';
import { msOf } from '../../core/instant.ts';
import { STEPS, type ChatStep, type Step } from '../../core/lifecycle.ts';
import type { Moment } from './replay.ts';

export type SpanKind =
  /** A step is being performed. */
  | 'step'
  /** A prompt is with the model. */
  | 'asking'
  /** An answer that was of no use is being mended by the model. */
  | 'repairing'
  /** The next attempt is waited for. */
  | 'retry_wait'
  /** Nobody works on it: the chat account rests, the daemon stopped, or it waits in the queue. */
  | 'resting'
  | 'blocked';

export type SpanEnd = 'done' | 'refused' | 'failed' | 'interrupted' | 'open';

export interface Span {
  readonly kind: SpanKind;
  readonly fromMs: number;
  readonly toMs: number;
  readonly end: SpanEnd;
  /** Why it ended so; null when there is nothing to say. */
  readonly reason: string | null;
}

export interface TimelineRow {
  readonly step: Step | null;
  /** The prompt's number; null for the step itself, and for the lead. */
  readonly n: number | null;
  readonly spans: readonly Span[];
}

export interface Timeline {
  readonly fromMs: number;
  readonly toMs: number;
  readonly rows: readonly TimelineRow[];
  /** Epoch ms of every event, ascending: where something is known to have happened. */
  readonly instantsMs: readonly number[];
}

interface Row {
  readonly step: Step | null;
  readonly n: number | null;
  readonly spans: Span[];
  open: { readonly kind: SpanKind; readonly fromMs: number; readonly reason: string | null } | null;
}

class Rows {
  readonly #rows = new Map<string, Row>();

  at(step: Step | null, n: number | null): Row {
    const key = `${step ?? ''}/${n ?? ''}`;
    const row = this.#rows.get(key) ?? { step, n, spans: [], open: null };
    this.#rows.set(key, row);
    return row;
  }

  all(): Row[] {
    return [...this.#rows.values()];
  }

  /** Prompts whose answer is still to come. */
  asked(): Row[] {
    return this.all().filter(({ open }) => open?.kind === 'asking' || open?.kind === 'repairing');
  }
}

function begin(row: Row, kind: SpanKind, fromMs: number, reason: string | null = null): void {
  row.open = { kind, fromMs, reason };
}

function close(row: Row, toMs: number, end: SpanEnd, reason: string | null = null): void {
  if (row.open === null) return;
  const { kind, fromMs } = row.open;
  // A clock that was set back makes no span run backwards.
  row.spans.push({
    kind,
    fromMs,
    toMs: Math.max(fromMs, toMs),
    end,
    reason: reason ?? row.open.reason,
  });
  row.open = null;
}

const stepOf = (at: string): Step | null => {
  const name = at.split('.')[1];
  return STEPS.find((step) => step === name) ?? null;
};

/** What the chart itself says: steps entered and left, rests between. */
function followChart(rows: Rows, { event, from, to }: Moment, atMs: number): void {
  if (from === to) return;
  const [left, entered] = [stepOf(from), stepOf(to)];
  const isDone = event.type === 'step.completed';
  const reason = event.type === 'lead.blocked' ? event.data.reason : null;
  if (left !== null) {
    const end = isDone ? 'done' : 'interrupted';
    for (const row of rows.all()) if (row.step === left) close(row, atMs, end, reason);
  } else {
    close(rows.at(null, null), atMs, 'done');
  }
  if (entered !== null) begin(rows.at(entered, null), 'step', atMs);
  else if (to === 'flagged') begin(rows.at(null, null), 'resting', atMs, 'waits for a daemon');
  else if (to === 'blocked') begin(rows.at(null, null), 'blocked', atMs, reason);
}

function prompted(rows: Rows, step: ChatStep, n: number): Row {
  return rows.at(step, n);
}

function followPrompt(rows: Rows, event: StoredEvent, atMs: number): void {
  switch (event.type) {
    case 'prompt.send_intended': {
      const row = prompted(rows, event.data.step, event.data.n);
      const mends = row.spans.at(-1)?.end === 'refused' && row.open === null;
      close(row, atMs, row.open?.kind === 'retry_wait' ? 'done' : 'interrupted');
      begin(row, mends ? 'repairing' : 'asking', atMs);
      return;
    }
    case 'prompt.answered':
      close(prompted(rows, event.data.step, event.data.n), atMs, 'done');
      return;
    case 'prompt.refused':
      close(prompted(rows, event.data.step, event.data.n), atMs, 'refused', event.data.reason);
      return;
    case 'attempt.failed': {
      const { step, n, reason, retry_at: retryAt } = event.data;
      const row = rows.at(step, n);
      if (n === null) {
        row.spans.push({ kind: 'asking', fromMs: atMs, toMs: atMs, end: 'failed', reason });
      } else {
        close(row, atMs, 'failed', reason);
        if (retryAt !== null) begin(row, 'retry_wait', atMs);
      }
      return;
    }
    default:
  }
}

/**
 * A lead that is claimed in the middle of a step was given back before. What was asked then is looked
 * for again; what lies between is nobody's work.
 */
function followClaim(rows: Rows, at: string, lastMs: number, atMs: number): void {
  const step = stepOf(at);
  if (step === null) return;
  const asked = rows.asked();
  for (const row of asked) {
    const fromMs = row.open?.fromMs ?? lastMs;
    row.open = { kind: 'resting', fromMs, reason: null };
    close(
      row,
      atMs,
      'interrupted',
      'no answer was taken: the chat account rested, or the daemon stopped',
    );
    begin(row, 'asking', atMs);
  }
  const waits = rows.all().some(({ open }) => open?.kind === 'retry_wait');
  if (asked.length > 0 || waits || atMs <= lastMs) return;
  rows.at(step, null).spans.push({
    kind: 'resting',
    fromMs: lastMs,
    toMs: atMs,
    end: 'interrupted',
    reason: 'given back: the chat account rested, or the daemon stopped',
  });
}

function inOrder(a: Row, b: Row): number {
  const place = ({ step }: Row): number => (step === null ? -1 : STEPS.indexOf(step));
  return place(a) - place(b) || (a.n ?? 0) - (b.n ?? 0);
}

/** The timeline of one run's moments; what is still open reaches to `nowMs`. Null without moments. */
export function timelineOf(moments: readonly Moment[], nowMs: number): Timeline | null {
  const rows = new Rows();
  const instantsMs: number[] = [];
  for (const moment of moments) {
    const atMs = msOf(moment.event.occurred_at);
    const lastMs = instantsMs.at(-1) ?? atMs;
    if (moment.event.type === 'lead.claimed') followClaim(rows, moment.from, lastMs, atMs);
    followPrompt(rows, moment.event, atMs);
    followChart(rows, moment, atMs);
    instantsMs.push(atMs);
  }
  const [firstMs] = instantsMs;
  if (firstMs === undefined) return null;
  for (const row of rows.all()) close(row, nowMs, 'open');
  const sorted = rows
    .all()
    .filter(({ spans }) => spans.length > 0)
    .toSorted(inOrder);
  const ends = sorted.flatMap(({ spans }) => spans.map(({ toMs }) => toMs));
  return {
    fromMs: Math.min(...instantsMs),
    toMs: Math.max(...instantsMs, ...ends),
    rows: sorted.map(({ step, n, spans }) => ({ step, n, spans })),
    instantsMs: instantsMs.toSorted((a, b) => a - b),
  };
}

/** The moments of one run: from the flag that led to it to the one that leads to the next. */
export function momentsOfRun(moments: readonly Moment[], runId: string): readonly Moment[] {
  const begins = ({ event }: Moment): boolean => event.type === 'run.started';
  const started = moments.findIndex((moment) => begins(moment) && moment.event.run_id === runId);
  if (started < 0) return [];
  const flagBefore = (index: number): number => {
    const flagged = moments
      .slice(0, index)
      .findLastIndex(({ event }) => event.type === 'lead.flagged');
    return flagged < 0 ? index : flagged;
  };
  const next = moments.findIndex((moment, index) => index > started && begins(moment));
  return moments.slice(flagBefore(started), next < 0 ? moments.length : flagBefore(next));
}
