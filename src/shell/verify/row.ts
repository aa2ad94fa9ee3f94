/** The lead's row and the stream of the database: an end of the stream that was cut off shows here. */
import type { LeadState } from '../../../machines/fold.ts';
import type { StoredEvent } from '../../core/events.ts';
import { sha256Hex } from '../../core/hash-chain.ts';
import { STATUSES } from '../../core/lifecycle.ts';
import type { LeadRow } from '../../ports.ts';
import { NOTHING, problem, together, type Findings } from './findings.ts';

const OURS: readonly string[] = STATUSES;

/** Out of the pipeline a lead goes from status to status of the user's, and is described, without a word. */
export function isOut({ at }: LeadState): boolean {
  return at === 'idle' || at === 'erased';
}

function statusFindings({ status }: LeadRow, state: LeadState): Findings {
  const agrees = isOut(state) ? !OURS.includes(status ?? '') : status === state.status;
  if (agrees) return NOTHING;
  return problem(`the row says "${status ?? ''}", its events say "${state.status ?? ''}"`);
}

function claimFindings(row: LeadRow, events: readonly StoredEvent[]): Findings {
  const epoch = events.findLast((event) => event.type === 'lead.claimed')?.data.epoch ?? 0;
  if (row.claim_epoch === epoch) return NOTHING;
  return problem(
    `the row was claimed with fencing token ${row.claim_epoch}, the last that its events tell of is ${epoch}`,
  );
}

function runFindings({ pipeline_progress: progress }: LeadRow, { run }: LeadState): Findings {
  if (progress === null || progress.run_id === (run?.runId ?? null)) return NOTHING;
  return problem(
    `the row shows run ${progress.run_id ?? 'none'}, its events tell of ${run?.runId ?? 'none'}`,
  );
}

function descriptionFindings({ raw }: LeadRow, state: LeadState): Findings {
  const { description } = raw;
  if (isOut(state)) return NOTHING;
  // The database hashed the column as text: a json column quotes it, and others read otherwise here.
  const isText = typeof description === 'string';
  if (!isText && description !== null) return NOTHING;
  const hashes = isText ? [description, JSON.stringify(description)].map(sha256Hex) : [null];
  if (hashes.some((hash) => hash === state.descriptionSha256)) return NOTHING;
  return problem('the description of the row is not the one that its events tell of');
}

/** `events` are those of the database. */
export function rowFindings(
  row: LeadRow | null,
  state: LeadState | null,
  events: readonly StoredEvent[],
): Findings {
  if (row === null) {
    if (state === null || isOut(state)) return NOTHING;
    return problem('the row is not in junior_leads');
  }
  const claims = claimFindings(row, events);
  if (state === null) return claims;
  if (state.seq === 0) {
    const isOurs = row.status !== 'flagged' && OURS.includes(row.status ?? '');
    return isOurs && row.claim_epoch > 0
      ? together([claims, problem(`the row says "${row.status ?? ''}", it has no events`)])
      : claims;
  }
  return together([
    statusFindings(row, state),
    claims,
    runFindings(row, state),
    descriptionFindings(row, state),
  ]);
}
