/** LeadDirectory by plain reads and writes of `junior_leads`. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import { PlanlineError } from '../../core/errors.ts';
import { RUNNING_STATUSES, UNDER_WAY_STATUSES } from '../../core/lifecycle.ts';
import type { LeadSummary } from '../../core/notification.ts';
import type { LeadDirectory } from '../../ports.ts';
import { call, countOf } from './call.ts';
import { readNames } from './client-names.ts';
import { GLANCE_COLUMNS, leadGlance, leadId as leadIdColumn, leadRow } from './rows.ts';
import { leadsArguments } from './lead-reader.ts';

/** A table in use has statuses of its own, some named alike: not planline's until it was flagged. */
const OURS = 'status.eq.flagged,claim_epoch.gt.0';
/** The daily summary names this many blocked leads; the count tells of the rest. */
const BLOCKED_NAMED = 20;

/** Hosted PostgREST returns 1,000 rows at most. */
const IDS_PAGE = 1_000;

const latestLeads = (limit: number) =>
  leadsArguments({
    text: '',
    status: null,
    sort: 'changed',
    isDescending: true,
    after: null,
    limit,
  });

const idRow = z.object({ id: leadIdColumn });
const blockedRow = idRow.extend({ last_error: z.string().nullable() });
const dueRow = z.object({ next_attempt_at: z.string() });

function countArchived(client: SupabaseClient, sinceMs: number, untilMs: number): Promise<number> {
  return countOf(
    'Counting finished leads',
    client
      .from('junior_leads')
      .select('id', { count: 'exact', head: true })
      .eq('status', 'archived')
      .gte('processing_completed_at', new Date(sinceMs).toISOString())
      .lt('processing_completed_at', new Date(untilMs).toISOString()),
  );
}

export function createLeadDirectory(client: SupabaseClient): LeadDirectory {
  const leads = () => client.from('junior_leads');

  const count = (statuses?: readonly string[]): Promise<number> => {
    const query = leads().select('id', { count: 'exact', head: true });
    return countOf(
      'Counting leads',
      statuses === undefined ? query : query.in('status', statuses).or(OURS),
    );
  };

  return {
    async get(leadId) {
      const [lead] = await call(
        `Looking up lead ${leadId}`,
        z.array(leadRow),
        leads().select('*').eq('id', leadId),
      );
      return lead ?? null;
    },

    list({ statuses, limit }) {
      // All leads in the order of an index, which the REST API cannot name; of a few statuses there are
      // few leads.
      const query =
        statuses === undefined
          ? client.rpc('planline_leads', latestLeads(limit))
          : leads()
              .select(GLANCE_COLUMNS)
              .in('status', statuses)
              .order('pipeline_updated_at', { ascending: false, nullsFirst: false })
              .limit(limit);
      return call('Listing leads', z.array(leadGlance), query);
    },

    count,

    async *ids() {
      let last: string | null = null;
      for (;;) {
        const query = leads().select('id').order('id').limit(IDS_PAGE);
        const page: { id: string }[] = await call(
          'Listing leads',
          z.array(idRow),
          last === null ? query : query.gt('id', last),
        );
        for (const { id } of page) yield id;
        last = page.at(-1)?.id ?? null;
        if (page.length < IDS_PAGE) return;
      }
    },

    async add({ id, description }) {
      const row = { ...(id === undefined ? {} : { id }), description, status: 'flagged' };
      const [added] = await call('Adding a lead', z.array(idRow), leads().insert(row).select('id'));
      if (added === undefined) throw new PlanlineError('setup', 'Adding a lead: no id came back.');
      return added.id;
    },

    async flag(leadId) {
      const flagged = await call(
        `Flagging lead ${leadId}`,
        z.array(idRow),
        leads().update({ status: 'flagged' }).eq('id', leadId).select('id'),
      );
      if (flagged.length === 0) {
        throw new PlanlineError('lead_moved', `There is no lead ${leadId} in junior_leads.`);
      }
    },

    async nextDue() {
      const [row] = await call(
        'Looking for the next attempt',
        z.array(dueRow),
        leads()
          .select('next_attempt_at')
          .in('status', UNDER_WAY_STATUSES)
          .is('claimed_by', null)
          .or(OURS)
          .order('next_attempt_at')
          .limit(1),
      );
      return row === undefined ? null : Date.parse(row.next_attempt_at);
    },

    heldAtRest(daemon) {
      return call(
        'Looking for leads that were not given back',
        z.array(leadRow),
        leads()
          .select('*')
          .eq('claimed_by', daemon)
          .not('status', 'in', `(${UNDER_WAY_STATUSES.join(',')})`),
      );
    },

    names: (leadIds) => readNames(client, leadIds),

    async summary(sinceMs, untilMs): Promise<LeadSummary> {
      const blockedLeads = call(
        'Listing blocked leads',
        z.array(blockedRow),
        leads()
          .select('id,last_error')
          .eq('status', 'blocked')
          .or(OURS)
          .order('pipeline_updated_at', { ascending: false, nullsFirst: false })
          .limit(BLOCKED_NAMED),
      );
      const [done, blocked, running, flagged, named] = await Promise.all([
        countArchived(client, sinceMs, untilMs),
        count(['blocked']),
        count(RUNNING_STATUSES),
        count(['flagged']),
        blockedLeads,
      ]);
      return {
        archived: done,
        blocked,
        running,
        flagged,
        blockedLeads: named.map((lead) => ({ id: lead.id, lastError: lead.last_error })),
      };
    },
  };
}
