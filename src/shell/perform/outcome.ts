/** What a performed step leaves: files to record, and what goes into the row with them. */
import type { Artifact, LeadPatch, OutboxEntry } from '../../ports.ts';
import type { Page } from '../../core/page.ts';
import type { QualityWarning } from '../../core/quality.ts';

export interface StepOutcome {
  readonly outputs: readonly Artifact[];
  readonly patch?: LeadPatch;
  readonly pages?: readonly Page[];
  readonly warnings?: readonly QualityWarning[];
  readonly notifications?: readonly OutboxEntry[];
}
