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

/** How one lead ended. */
export type Ending =
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
    };

/** As the outbox keeps them, a row each. */
export type StoredNotification =
  | Ending
  | {
      readonly kind: 'chat_needs_operator';
      readonly driver: string;
      readonly reason: string;
      /** It does not go on before a person says so. */
      readonly untilPerson?: boolean | undefined;
    }
  /** Something outside keeps leads from going on, and has done so for a while. */
  | { readonly kind: 'work_held_up'; readonly reason: string }
  | {
      readonly kind: 'daily_summary';
      readonly day: string;
      /** The day of the summary before it, which told of what had ended by then. */
      readonly since?: string | undefined;
      /** The instant (ISO) up to which it counts, by the clock of who counted. */
      readonly until?: string | undefined;
      readonly summary: LeadSummary;
    };

const SUMMARY_PREFIX = 'daily_summary/';

/** The outbox takes one message of a key: one summary of a day. */
export const summaryKey = (day: string): string => `${SUMMARY_PREFIX}${day}`;

/** The day that a key of a summary names. */
export const summaryDay = (key: string): string => key.slice(SUMMARY_PREFIX.length);

/** What one message tells: many endings go together. */
export type Notification =
  | StoredNotification
  | { readonly kind: 'digest'; readonly endings: readonly Ending[] }
  /** `planline doctor --send-test`. */
  | { readonly kind: 'test' };

export function isEnding(notification: Notification): notification is Ending {
  return notification.kind === 'lead_finished' || notification.kind === 'lead_blocked';
}

/** Leads that a message names, in its order. */
export function leadsOf(notification: Notification): string[] {
  if (isEnding(notification)) return [notification.leadId];
  if (notification.kind === 'digest') return notification.endings.map(({ leadId }) => leadId);
  if (notification.kind === 'daily_summary') {
    return notification.summary.blockedLeads.map(({ id }) => id);
  }
  return [];
}
