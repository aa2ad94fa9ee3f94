/**
 * The frames of Supabase Realtime (Phoenix channels, serializer 2.0.0): JSON arrays
 * `[join_ref, ref, topic, event, payload]`.
 */
import { z } from 'zod';

const ref = z.string().nullish();

const frame = z.tuple([ref, ref, z.string(), z.string(), z.unknown()]).transform((parts) => ({
  joinRef: parts[0] ?? null,
  ref: parts[1] ?? null,
  topic: parts[2],
  event: parts[3],
  payload: parts[4],
}));
export type Frame = z.infer<typeof frame>;

/** What a client asks to be told; it is echoed value by value, or the client refuses the reply. */
const binding = z.looseObject({
  event: z.enum(['*', 'INSERT', 'UPDATE', 'DELETE']),
  schema: z.string().nullish(),
  table: z.string().nullish(),
  filter: z.string().nullish(),
  select: z.array(z.string()).nullish(),
});
export type Binding = z.infer<typeof binding>;

const joinPayload = z.object({
  config: z.object({
    postgres_changes: z.array(binding).default([]),
    postgres_changes_options: z.object({ wait: z.boolean().default(false) }).optional(),
  }),
});

/** A change of one row, as the trigger reports it: key columns and status only. */
const rowChange = z.object({
  schema: z.string(),
  table: z.string(),
  type: z.enum(['INSERT', 'UPDATE', 'DELETE']),
  commit_timestamp: z.string(),
  record: z.record(z.string(), z.unknown()),
  old_record: z.record(z.string(), z.unknown()),
});
export type RowChange = z.infer<typeof rowChange>;

export interface Column {
  readonly name: string;
  /** `int8`, `uuid`: clients parse values by it. */
  readonly type: string;
}

/** Null for what is no frame at all. */
export function parseFrame(text: string): Frame | null {
  return frame.safeParse(parseJson(text)).data ?? null;
}

/** Null for what is no row change. */
export function parseRowChange(text: string): RowChange | null {
  return rowChange.safeParse(parseJson(text)).data ?? null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Null when the client asks for something that cannot be understood. */
export function parseJoin(payload: unknown): { bindings: Binding[]; wait: boolean } | null {
  const parsed = joinPayload.safeParse(payload);
  if (!parsed.success) return null;
  const { postgres_changes, postgres_changes_options } = parsed.data.config;
  return { bindings: postgres_changes, wait: postgres_changes_options?.wait ?? false };
}

export function replyFrame(to: Frame, status: 'ok' | 'error', response: object): string {
  return JSON.stringify([to.joinRef, to.ref, to.topic, 'phx_reply', { status, response }]);
}

export function closeFrame(of: Frame): string {
  return JSON.stringify([of.joinRef, of.ref, of.topic, 'phx_close', {}]);
}

export function systemFrame(topic: string, status: 'ok' | 'error', message: string): string {
  const channel = topic.replace(/^realtime:/, '');
  const payload = { status, extension: 'postgres_changes', channel, message };
  return JSON.stringify([null, null, topic, 'system', payload]);
}

/** Hosted Realtime leaves values out of large rows and says so in this way. */
const VALUES_LEFT_OUT = ['Error 413: Payload Too Large'];

export function changeFrame(
  topic: string,
  ids: readonly number[],
  change: RowChange,
  columns: readonly Column[],
): string {
  const data = { ...change, columns, errors: VALUES_LEFT_OUT };
  return JSON.stringify([null, null, topic, 'postgres_changes', { ids, data }]);
}
