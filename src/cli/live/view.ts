/** What the live progress says, from the facts of the runs under way. Pure: time is an argument. */
import { CHAT_STEPS, promptsTotal, type ChatStep, type Step } from '../../core/lifecycle.ts';
import { STEP_LABELS } from '../../core/step-text.ts';
import type { ChatPhase, Progress } from '../../ports.ts';

/** One lead under way, as far as this process has seen it. */
export interface LeadView {
  readonly leadId: string;
  readonly startedMs: number;
  readonly step: Step | null;
  readonly blockCount: number;
  /** Prompts answered, over the whole run. */
  readonly done: number;
  /** Of those, the ones that were there when this process took the lead. */
  readonly doneBefore: number | null;
  /** The prompt being answered within its step. */
  readonly inStep: { readonly done: number; readonly total: number } | null;
  /** Where its driver is within the prompt; null between prompts, and for drivers without phases. */
  readonly phase: { readonly name: ChatPhase; readonly sinceMs: number } | null;
}

export type View = ReadonlyMap<string, LeadView>;

const COLUMNS = 80;

/** Short: they stand beside everything else on a line of 80 columns. */
export const PHASE_LABELS: Readonly<Record<ChatPhase, string>> = {
  opening: 'opens',
  writing: 'writes',
  sending: 'sends',
  answering: 'waits',
  copying: 'copies',
  looking: 'looks',
};

/** Prompts that come before a step's own. */
function promptsBefore(step: ChatStep, blockCount: number): number {
  const own = { input_transform: 1, plan: 1, stage2: blockCount, stage3: blockCount };
  let before = 0;
  for (const earlier of CHAT_STEPS) {
    if (earlier === step) return before;
    before += own[earlier];
  }
  return before;
}

function withPrompts(lead: LeadView, event: Extract<Progress, { kind: 'prompts' }>): LeadView {
  const done = promptsBefore(event.step, lead.blockCount) + event.done;
  return {
    ...lead,
    done,
    doneBefore: lead.doneBefore ?? done,
    inStep: { done: event.done, total: event.total },
    phase: null,
  };
}

function withPhase(lead: LeadView, name: ChatPhase, nowMs: number): LeadView {
  return lead.phase?.name === name ? lead : { ...lead, phase: { name, sinceMs: nowMs } };
}

/** The view after one more fact. */
export function viewAfter(view: View, event: Progress, nowMs: number): View {
  const leads = new Map(view);
  const lead = leads.get(event.leadId);
  switch (event.kind) {
    case 'claimed':
      leads.set(event.leadId, {
        leadId: event.leadId,
        startedMs: nowMs,
        step: null,
        blockCount: 0,
        done: 0,
        doneBefore: null,
        inStep: null,
        phase: null,
      });
      return leads;
    case 'step':
      if (lead !== undefined) {
        leads.set(event.leadId, {
          ...lead,
          step: event.step,
          blockCount: event.blockCount,
          inStep: null,
          phase: null,
        });
      }
      return leads;
    case 'prompts':
      if (lead !== undefined) leads.set(event.leadId, withPrompts(lead, event));
      return leads;
    case 'phase':
      if (lead !== undefined) leads.set(event.leadId, withPhase(lead, event.phase, nowMs));
      return leads;
    case 'parked':
    case 'left':
    case 'blocked':
    case 'archived':
      leads.delete(event.leadId);
      return leads;
    case 'retry':
      return leads;
  }
}

/** `45 s`, `3 min 20 s`, `1 h 5 min`. */
export function spell(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60)
    return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Time left at the pace of the prompts that this process saw answered; null before the first. */
export function remainingMs(lead: LeadView, nowMs: number): number | null {
  const seen = lead.done - (lead.doneBefore ?? lead.done);
  if (seen <= 0) return null;
  const left = promptsTotal(lead.blockCount) - lead.done;
  return ((nowMs - lead.startedMs) / seen) * left;
}

/** Narrow: with the longest label and the longest times the line still fits on 80 columns. */
const BAR_CELLS = 8;

/** A forecast: to the minute, and to the second only within the last one. */
function roughly(ms: number): string {
  if (ms < 60_000) return spell(Math.max(ms, 1_000));
  return spell(Math.round(ms / 60_000) * 60_000);
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.round((done / total) * BAR_CELLS);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)}`;
}

/** `0:07`, `12:30`: a phase is over within minutes, and its seconds are what a person looks at. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function timesOf(lead: LeadView, nowMs: number): string {
  const left = remainingMs(lead, nowMs);
  const told = [
    ...(lead.phase === null || left === null ? [spell(nowMs - lead.startedMs)] : []),
    ...(left === null || left <= 0 ? [] : [`~${roughly(left)} left`]),
  ];
  return told.join(', ');
}

/** Enough of an id to know it again; a whole one does not fit beside the rest. */
export function shortId(leadId: string): string {
  return leadId.length > 12 ? `${leadId.slice(0, 8)}…` : leadId;
}

/** One line a lead, at most 80 columns for ids of usual length. */
export function lineOf(lead: LeadView, nowMs: number): string {
  if (lead.step === null) return `${shortId(lead.leadId)}  taking it up`;
  const total = promptsTotal(lead.blockCount);
  const { inStep } = lead;
  const of =
    inStep === null || inStep.total < 2
      ? ''
      : ` ${Math.min(inStep.done + 1, inStep.total)}/${inStep.total}`;
  const phase =
    lead.phase === null
      ? ''
      : `, ${PHASE_LABELS[lead.phase.name]} ${clockText(nowMs - lead.phase.sinceMs)}`;
  const head = `${shortId(lead.leadId)} ${bar(lead.done, total)} ${lead.done}/${total} ${STEP_LABELS[lead.step]}${of}${phase}`;
  const line = `${head} · ${timesOf(lead, nowMs)}`;
  // A forecast of many hours is left out before the line breaks.
  return line.length <= COLUMNS ? line : `${head} · ${spell(nowMs - lead.startedMs)}`;
}

/** A line for people about a fact that ends or interrupts a run; null for the others. */
export function announcement(
  event: Progress,
  lead: LeadView | undefined,
  nowMs: number,
): string | null {
  const id = shortId(event.leadId);
  switch (event.kind) {
    case 'claimed':
      return null;
    case 'step':
      return null;
    case 'prompts':
      return null;
    case 'phase':
      return null;
    case 'retry':
      return `${id}  trying again in ${spell(event.atMs - nowMs)}: ${event.reason}`;
    case 'parked':
      return event.reason === 'stopping' ? null : `${id}  waits: ${event.reason}`;
    case 'left':
      return `${id}  left: ${event.reason}`;
    case 'blocked':
      return `${id}  blocked: ${event.reason}\n          Mend it, then: planline flag ${event.leadId}`;
    case 'archived': {
      const took = lead === undefined ? '' : ` in ${spell(nowMs - lead.startedMs)}`;
      return `${id}  archived: ${event.pages} pages${took}\n          ${event.directory}`;
    }
  }
}
