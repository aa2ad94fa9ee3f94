/** A person asks to be forgotten: the database first, in one transaction, then this machine's files. */
import { z } from 'zod';
import type { StoredEnvelope } from '../core/events.ts';
import type { ArtifactStore, EventStore } from '../ports.ts';
import type { Erased, RetentionStore } from '../ports-retention.ts';
import { eraseHere, type ErasedHere } from './erase-here.ts';
import { renewRunSummary } from './run-summary.ts';

export interface ForgetDeps {
  readonly store: Pick<EventStore, 'read' | 'artifact'>;
  readonly retention: Pick<RetentionStore, 'erase'>;
  readonly artifacts: Pick<ArtifactStore, 'lead'>;
  /** Whose machine this is. */
  readonly daemon: string;
  /**
   * Copies the erasure into events.jsonl; null while another process of this home works on leads, which
   * copies it itself.
   */
  readonly copyLog: ((leadId: string) => Promise<void>) | null;
}

export interface Forgotten extends Erased, ErasedHere {
  /** Daemons of other machines that worked on the lead: each clears its disk at its next start or sweep. */
  readonly elsewhere: readonly string[];
  /** Prompts that were sent: the chat provider may keep what was said there. */
  readonly sent: number;
}

const claim = z.object({ daemon: z.string() });

function daemonsOf(events: readonly StoredEnvelope[]): string[] {
  const names = events.flatMap(({ type, data }) =>
    type === 'lead.claimed' ? (claim.safeParse(data).data?.daemon ?? []) : [],
  );
  return [...new Set(names)].toSorted();
}

/**
 * Refused while a daemon holds the lead (`stale_lease`): what it has under way would arrive afterwards.
 * Each part may be repeated: an erasure that was killed is finished by the same call. `actor` stands in
 * the event. Throws `lead_moved` when the database knows no such lead.
 */
export async function forgetLead(
  deps: ForgetDeps,
  leadId: string,
  actor: string,
): Promise<Forgotten> {
  const { store, retention, artifacts, daemon, copyLog } = deps;
  const erased = await retention.erase({ leadId, actor });
  const here = await eraseHere(erased.leadId, deps);
  if (copyLog !== null) {
    await copyLog(erased.leadId);
    await renewRunSummary(artifacts.lead(erased.leadId));
  }
  const events = await store.read(erased.leadId, 0);
  return {
    ...erased,
    ...here,
    elsewhere: daemonsOf(events).filter((name) => name !== daemon),
    sent: events.filter(({ type }) => type === 'prompt.sent').length,
  };
}
