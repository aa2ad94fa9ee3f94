/** What the operator is told. Ids, steps, counts and reasons; no personal data. */
import type { Step } from './lifecycle.ts';

/** How leads ended and stand. */
export interface LeadSummary {
  readonly archived: number;
  readonly blocked: number;
  readonly running: number;
  readonly flagged: number;
  readonly blockedLeads: readonly { readonly id: string; readonly lastError: string | null }[];
}

export type Notification =
  | {
      readonly kind: 'lead_finished';
      readonly leadId: string;
      readonly runId: string;
      readonly pages: number;
      readonly durationMs: number;
      readonly directory: string;
    }
  | {
      readonly kind: 'lead_blocked';
      readonly leadId: string;
      readonly runId: string | null;
      readonly step: Step | null;
      readonly reason: string;
    }
  | { readonly kind: 'chat_needs_operator'; readonly driver: string; readonly reason: string }
  | { readonly kind: 'daily_summary'; readonly day: string; readonly summary: LeadSummary };
