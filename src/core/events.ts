/**
 * The events of a lead's stream: past facts, never edited. They carry ids, counts, hashes and reasons
 * but no personal data, so that a person can be forgotten without breaking the hash chain.
 */
import { z } from 'zod';
import { CHAT_STEPS, STEPS } from './lifecycle.ts';
import { qualityWarning } from './quality.ts';

const step = z.enum(STEPS);
const chatStep = z.enum(CHAT_STEPS);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();
/** UTC, millisecond precision, as Date.prototype.toISOString writes it. */
const instant = z.iso.datetime({ precision: 3 });

/** A file of the run, relative to the run's folder, with forward slashes. */
export const artifactRef = z.object({ path: z.string().min(1), sha256, bytes: count });
export type ArtifactRef = z.infer<typeof artifactRef>;

/** Where a sent prompt can be found again: a response id, a conversation URL … */
export const sentRef = z.object({ kind: z.string().min(1), id: z.string().min(1) });
export type SentRef = z.infer<typeof sentRef>;

/** One prompt of a run: `n` is the block's number from 1, or 1 for steps with a single prompt. */
const prompt = { step: chatStep, n: z.int().positive() };

/** Data of every event type at its current version. */
export const EVENT_DATA = {
  'lead.flagged': z.object({ description_sha256: sha256.nullable(), description_chars: count }),
  'lead.edited': z.object({
    columns: z.array(z.string()),
    description_sha256: sha256.nullable(),
    description_chars: count,
  }),
  'lead.withdrawn': z.object({}),
  'lead.deleted': z.object({}),
  /** The person asked to be forgotten: every text is gone, of what there was only counts are told. */
  'lead.erased': z.object({
    runs: count,
    artifacts: count,
    pages: count,
    page_versions: count,
    notifications: count,
  }),
  'lead.claimed': z.object({ daemon: z.string(), epoch: count, lease_expires_at: z.string() }),
  'lead.blocked': z.object({
    step: step.nullable(),
    n: z.int().positive().nullable(),
    code: z.string(),
    reason: z.string(),
  }),
  'run.started': z.object({
    description_sha256: sha256,
    description_chars: count,
    block_count: z.int().positive(),
    driver: z.string(),
    artifacts: z.array(artifactRef),
  }),
  'run.resumed': z.object({ step, artifacts: z.array(artifactRef) }),
  /** Of an old run only its checked zip is left, on the machine of the actor. */
  'run.pruned': z.object({ zip_sha256: sha256, artifacts: count, bytes: count }),
  'prompt.staged': z.object({ ...prompt, prompt: artifactRef }),
  'prompt.send_intended': z.object({
    ...prompt,
    request_id: z.string(),
    prompt_sha256: sha256,
    driver: z.string(),
  }),
  'prompt.sent': z.object({ ...prompt, request_id: z.string(), ref: sentRef }),
  'prompt.answered': z.object({
    ...prompt,
    request_id: z.string(),
    reply_sha256: sha256,
    chars: count,
    capture: z.string(),
    complete: z.boolean(),
    duration_ms: count,
  }),
  'prompt.saved': z.object({ ...prompt, reply: artifactRef, meta: artifactRef }),
  /** An answer that cannot be used; the model is asked to mend it before an attempt is spent. */
  'prompt.refused': z.object({
    ...prompt,
    request_id: z.string(),
    /** Of the answer, from 1: how many repairs of this attempt it makes. */
    repairs: z.int().positive(),
    reason: z.string(),
    reply: artifactRef,
    repair: artifactRef,
  }),
  'attempt.failed': z.object({
    step,
    n: z.int().positive().nullable(),
    attempt: z.int().positive(),
    code: z.string(),
    reason: z.string(),
    retry_at: instant.nullable(),
    /** True when the answer may still be had from the provider: the next attempt asks there first. */
    keeps_request: z.boolean().default(false),
  }),
  'step.completed': z.object({
    step,
    outputs: z.array(artifactRef),
    duration_ms: count,
    /** What is wrong with pages that the step read, made or cleaned. */
    warnings: z.array(qualityWarning).default([]),
  }),
  'notification.requested': z.object({ notification_id: z.string(), kind: z.string() }),
  'notification.delivered': z.object({ notification_id: z.string(), channel: z.string() }),
  'notification.abandoned': z.object({
    notification_id: z.string(),
    channel: z.string(),
    reason: z.string(),
  }),
} as const;

export type EventType = keyof typeof EVENT_DATA;
export type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>;

/** The version that this build writes. */
export const EVENT_VERSION = 1;

/** An event as its author proposes it; seq, hashes and recorded_at are the database's. */
export type NewEvent = {
  [T in EventType]: {
    readonly event_id: string;
    readonly run_id: string | null;
    readonly type: T;
    readonly v: number;
    readonly data: EventData<T>;
    readonly status_to: string | null;
    readonly actor: string;
    readonly occurred_at: string;
  };
}[EventType];

/** What JSON can say and give back: no undefined, NaN or Date. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

function isJson(value: unknown): value is Json {
  if (value === null) return true;
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return Array.isArray(value) ? value.every(isJson) : isJsonObject(value);
    default:
      return false;
  }
}

function isJsonObject(value: unknown): value is Record<string, Json> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every(isJson);
}

/** By hand, as z.json() tries one kind after the other at each value: the data of each event passes here. */
const jsonObject = z.custom<Record<string, Json>>(isJsonObject, 'not a JSON object');

/** The envelope as it stands in `pipeline_events` and, without `position`, in events.jsonl. */
export const storedEnvelope = z.object({
  event_id: z.uuid(),
  lead_id: z.string().min(1),
  seq: z.int().positive(),
  run_id: z.string().nullable(),
  type: z.string().min(1),
  v: z.int().positive(),
  data: jsonObject,
  status_from: z.string().nullable(),
  status_to: z.string().nullable(),
  actor: z.string(),
  occurred_at: instant,
  recorded_at: instant,
  prev_hash: sha256,
  hash: sha256,
});
/** A stored event before its data was upcast and checked: what hashes are made from. */
export type StoredEnvelope = z.infer<typeof storedEnvelope>;

/** A stored event whose data was upcast to today's version and checked. */
export type StoredEvent = {
  [T in EventType]: Omit<StoredEnvelope, 'type' | 'data'> & {
    readonly type: T;
    readonly data: EventData<T>;
  };
}[EventType];
