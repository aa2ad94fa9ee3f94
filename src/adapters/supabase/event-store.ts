/** EventStore by the functions of supabase/migrations. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import type { AppendRequest, Claim, EventStore } from '../../ports.ts';
import type { StoredEnvelope } from '../../core/events.ts';
import { call, callCounted } from './call.ts';
import { eventRow, leadRow } from './rows.ts';

/** Events a read fetches at a time; a project may allow fewer, so a short page is not the end. */
const READ_PAGE = 1_000;

function appendArguments(request: AppendRequest) {
  return {
    p_lead_id: request.leadId,
    p_epoch: request.epoch,
    p_expected_seq: request.expectedSeq,
    p_run_id: request.runId,
    p_events: request.events,
    p_artifacts: request.artifacts ?? [],
    p_patch: request.patch ?? {},
    p_pages: request.pages ?? null,
    p_notifications: request.notifications ?? [],
  };
}

export function createEventStore(client: SupabaseClient): EventStore {
  const readSome: EventStore['readSome'] = async (leadId, afterSeq, left) => {
    const { data: events, total } = await callCounted(
      `Reading the events of lead ${leadId}`,
      z.array(eventRow),
      client
        .from('pipeline_events')
        .select('*', left === undefined ? { count: 'exact' } : {})
        .eq('lead_id', leadId)
        .gt('seq', afterSeq)
        .order('seq')
        .limit(READ_PAGE),
    );
    const wanted = left ?? total ?? 0;
    return { events, left: events.length === 0 ? 0 : Math.max(0, wanted - events.length) };
  };

  return {
    async claim({ daemon, leaseMs, running, only }): Promise<Claim | null> {
      const [lead] = await call(
        'Claiming the next lead',
        z.array(leadRow),
        client.rpc('planline_claim', {
          p_daemon: daemon,
          p_lease_ms: leaseMs,
          p_running: running,
          p_only: only ?? null,
        }),
      );
      return lead === undefined ? null : { lead, epoch: lead.claim_epoch };
    },

    async renew(leadId, epoch, leaseMs) {
      await call(
        `Renewing the lease on lead ${leadId}`,
        z.string(),
        client.rpc('planline_renew', { p_lead_id: leadId, p_epoch: epoch, p_lease_ms: leaseMs }),
      );
    },

    async release(leadId, epoch, { delayMs, seenSeq }) {
      await call(
        `Releasing lead ${leadId}`,
        z.boolean(),
        client.rpc('planline_release', {
          p_lead_id: leadId,
          p_epoch: epoch,
          p_delay_ms: Math.max(0, Math.ceil(delayMs)),
          p_seen_seq: seenSeq,
        }),
      );
    },

    append(request) {
      return call(
        `Appending to the stream of lead ${request.leadId}`,
        z.array(eventRow),
        client.rpc('planline_append', appendArguments(request)),
      );
    },

    async read(leadId, afterSeq) {
      const events: StoredEnvelope[] = [];
      for (let left: number | undefined; left !== 0;) {
        const part = await readSome(leadId, events.at(-1)?.seq ?? afterSeq, left);
        events.push(...part.events);
        ({ left } = part);
      }
      return events;
    },

    readSome,

    async artifact(leadId, runId, ref) {
      const [row] = await call(
        `Fetching ${ref.path} of lead ${leadId}`,
        z.array(z.object({ content: z.string() })),
        client
          .from('pipeline_artifacts')
          .select('content')
          .eq('lead_id', leadId)
          .eq('run_id', runId)
          .eq('path', ref.path)
          .eq('sha256', ref.sha256),
      );
      return row?.content ?? null;
    },

    pages(leadId) {
      return call(
        `Reading the pages of lead ${leadId}`,
        z.array(z.record(z.string(), z.unknown())),
        client
          .from('client_learning_pages')
          .select('*')
          .eq('client_id', leadId)
          .order('page_index'),
      );
    },
  };
}
