/** An expected outcome as a value: pure code returns refusals, it does not throw them. */
export type Result<T, E = Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/**
 * Why something was refused. `reason` is written for a person, can be sent back to the chat model,
 * and names structure (tags, counts, positions) but quotes no content: it goes into events and logs.
 */
export interface Refusal {
  readonly reason: string;
}

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refuse(reason: string): { readonly ok: false; readonly error: Refusal } {
  return { ok: false, error: { reason } };
}
