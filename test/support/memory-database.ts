/**
 * The database in memory: EventStore and LeadDirectory as supabase/migrations has them, with seq,
 * hash chain, leases, fencing tokens and hand edits as events. For tests of what acts on them; what
 * the database itself does is proved by the contract suites.
 */
import { randomUUID } from 'node:crypto';
import { PlanlineError } from '../../src/core/errors.ts';
import { z } from 'zod';
import {
  EVENT_VERSION,
  storedEnvelope,
  type NewEvent,
  type StoredEnvelope,
} from '../../src/core/events.ts';
import { eventHash, GENESIS_HASH, sha256Hex } from '../../src/core/hash-chain.ts';
import { isoOf, msOf } from '../../src/core/instant.ts';
import type {
  AppendRequest,
  Artifact,
  Clock,
  EventStore,
  LeadDirectory,
  LeadRow,
  Outbox,
  RecoveryStore,
} from '../../src/ports.ts';
import type { RetentionStore } from '../../src/ports-retention.ts';

/** Few, so that tests read in several answers too. */
const READ_AT_ONCE = 5;
const UNDER_WAY = ['flagged', 'processing', 'plan_ready', 'html_ready', 'uploaded'];

interface Lead {
  row: Omit<LeadRow, 'raw'>;
  readonly artifacts: Map<string, string>;
  pages: readonly Readonly<Record<string, unknown>>[];
}

type Recorded = Omit<NewEvent, 'data'> & { readonly data: unknown };

export interface MemoryDatabase {
  readonly store: EventStore;
  readonly directory: LeadDirectory;
  readonly recovery: Pick<RecoveryStore, 'stream' | 'artifacts'>;
  /** Without `prune`: whether a zip is enough is a matter of a real database. */
  readonly retention: RetentionStore;
  /** A hand edit, as in Studio. */
  edit(leadId: string, change: { status?: string; description?: string }): void;
  remove(leadId: string): void;
  events(leadId: string): readonly StoredEnvelope[];
  /** Appends what somebody else says of a lead, as planline_outbox_finish does. */
  record(leadId: string, type: NewEvent['type'], data: unknown, actor: string): void;
}

const dataOf = storedEnvelope.shape.data;
const artifactKey = z.tuple([z.string(), z.string(), z.string()]);

export function memoryDatabase(clock: Clock, outbox: Pick<Outbox, 'put'>): MemoryDatabase {
  const leads = new Map<string, Lead>();
  const streams = new Map<string, StoredEnvelope[]>();

  const rowOf = (row: Lead['row']): LeadRow => ({ ...row, raw: { ...row } });

  function record(leadId: string, event: Recorded, statusFrom: string | null): StoredEnvelope {
    const events = streams.get(leadId) ?? [];
    streams.set(leadId, events);
    const last = events.at(-1);
    const stored = {
      event_id: event.event_id,
      lead_id: leadId,
      seq: events.length + 1,
      run_id: event.run_id,
      type: event.type,
      v: event.v,
      data: dataOf.parse(JSON.parse(JSON.stringify(event.data))),
      status_from: statusFrom,
      status_to: event.status_to,
      actor: event.actor,
      occurred_at: event.occurred_at,
      recorded_at: isoOf(clock.now()),
      prev_hash: last?.hash ?? GENESIS_HASH,
    };
    const whole = { ...stored, hash: eventHash(stored) };
    events.push(whole);
    return whole;
  }

  const said = (
    type: NewEvent['type'],
    data: unknown,
    actor: string,
    statusTo: string | null = null,
  ): Recorded => ({
    event_id: randomUUID(),
    run_id: null,
    type,
    v: EVENT_VERSION,
    data,
    status_to: statusTo,
    actor,
    occurred_at: isoOf(clock.now()),
  });

  const facts = (description: string | null): Record<string, unknown> => ({
    description_sha256: description === null ? null : sha256Hex(description),
    description_chars: Array.from(description ?? '').length,
  });

  function held(leadId: string, epoch: number): Lead {
    const lead = leads.get(leadId);
    if (lead === undefined) throw new PlanlineError('lead_moved', `Lead ${leadId} is gone.`);
    if (lead.row.claim_epoch !== epoch || lead.row.claimed_by === null) {
      throw new PlanlineError('stale_lease', `Fencing token ${epoch} of lead ${leadId} is stale.`);
    }
    return lead;
  }

  const isOurs = ({ row }: Lead): boolean =>
    UNDER_WAY.includes(row.status ?? '') && (row.status === 'flagged' || row.claim_epoch > 0);

  const dueMs = ({ row }: Lead): number => msOf(row.next_attempt_at ?? isoOf(0));

  function queue(): Lead[] {
    return [...leads.values()].filter(isOurs).toSorted((a, b) => dueMs(a) - dueMs(b));
  }

  function flag(lead: Lead): void {
    const { id, status, description } = lead.row;
    lead.row = { ...lead.row, status: 'flagged', next_attempt_at: isoOf(clock.now()) };
    record(id, said('lead.flagged', facts(description), 'hand:test', 'flagged'), status);
  }

  async function append(request: AppendRequest): Promise<StoredEnvelope[]> {
    const { leadId, epoch, expectedSeq, events, patch = {} } = request;
    const ids = new Set(events.map((event) => event.event_id));
    const known = (streams.get(leadId) ?? []).filter((event) => ids.has(event.event_id));
    if (known.length > 0) return known;
    const lead = held(leadId, epoch);
    const seq = streams.get(leadId)?.length ?? 0;
    if (seq !== expectedSeq) {
      throw new PlanlineError('stale_stream', `Stream of lead ${leadId} is at seq ${seq}.`);
    }
    let { status } = lead.row;
    const stored = events.map((event) => {
      const whole = record(leadId, event, status);
      status = whole.status_to ?? status;
      return whole;
    });
    for (const artifact of request.artifacts ?? []) keep(lead, request.runId, artifact);
    if (request.pages !== undefined) {
      lead.pages = request.pages.map((content) => ({
        page_index: content.page_index,
        title: content.title,
        run_id: request.runId,
        content,
      }));
    }
    for (const { key, payload, channels } of request.notifications ?? []) {
      await outbox.put(key, payload, channels);
    }
    const { input_transform: _profile, plan: _plan, ...columns } = patch;
    lead.row = { ...lead.row, ...columns, status };
    return stored;
  }

  const keyOf = (runId: string | null, { path, sha256 }: Pick<Artifact, 'path' | 'sha256'>) =>
    JSON.stringify([runId, path, sha256]);

  function keep(lead: Lead, runId: string | null, artifact: Artifact): void {
    lead.artifacts.set(keyOf(runId, artifact), artifact.content);
  }

  const store: EventStore = {
    async claim({ daemon, leaseMs, running, only }) {
      const nowMs = clock.now();
      const lead = queue().find(
        (candidate) =>
          dueMs(candidate) <= nowMs &&
          (candidate.row.claimed_by === null ||
            candidate.row.claimed_by === daemon ||
            msOf(candidate.row.lease_expires_at ?? isoOf(0)) < nowMs) &&
          !running.includes(candidate.row.id) &&
          (only === undefined || only === candidate.row.id),
      );
      if (lead === undefined) return null;
      const epoch = lead.row.claim_epoch + 1;
      const expires = isoOf(nowMs + leaseMs);
      lead.row = { ...lead.row, claimed_by: daemon, claim_epoch: epoch, lease_expires_at: expires };
      const data = { daemon, epoch, lease_expires_at: expires };
      record(lead.row.id, said('lead.claimed', data, daemon), lead.row.status);
      return { lead: rowOf(lead.row), epoch };
    },
    async renew(leadId, epoch, leaseMs) {
      const lead = held(leadId, epoch);
      lead.row = { ...lead.row, lease_expires_at: isoOf(clock.now() + leaseMs) };
    },
    async release(leadId, epoch, { delayMs, seenSeq }) {
      const lead = leads.get(leadId);
      if (lead?.row.claim_epoch !== epoch || lead.row.claimed_by === null) return;
      const flagged = (streams.get(leadId) ?? []).some(
        (event) => event.type === 'lead.flagged' && event.seq > seenSeq,
      );
      const next = flagged ? lead.row.next_attempt_at : isoOf(clock.now() + Math.max(0, delayMs));
      const free = { claimed_by: null, lease_expires_at: null };
      lead.row = { ...lead.row, ...free, next_attempt_at: next };
    },
    append,
    read: async (leadId, afterSeq) => (streams.get(leadId) ?? []).slice(afterSeq),
    readSome: async (leadId, afterSeq) => {
      const left = (streams.get(leadId) ?? []).slice(afterSeq);
      return {
        events: left.slice(0, READ_AT_ONCE),
        left: Math.max(0, left.length - READ_AT_ONCE),
      };
    },
    artifact: async (leadId, runId, ref) =>
      leads.get(leadId)?.artifacts.get(keyOf(runId, ref)) ?? null,
    pages: async (leadId) => leads.get(leadId)?.pages ?? [],
  };

  const recovery: MemoryDatabase['recovery'] = {
    stream: async (leadId) => ({ events: streams.get(leadId) ?? [], unreadable: [] }),
    artifacts: async (leadId) =>
      [...(leads.get(leadId)?.artifacts ?? [])].map(([key, content]) => {
        const [runId, path, sha256] = artifactKey.parse(JSON.parse(key));
        const bytes = Buffer.byteLength(content);
        return { runId, path, sha256, bytes, found: { sha256: sha256Hex(content), bytes } };
      }),
  };

  const matching = (statuses?: readonly string[]): Lead[] =>
    [...leads.values()].filter(({ row }) => statuses?.includes(row.status ?? '') ?? true);

  const directory: LeadDirectory = {
    get: async (leadId) => {
      const lead = leads.get(leadId);
      return lead === undefined ? null : rowOf(lead.row);
    },
    list: async ({ statuses, limit }) =>
      matching(statuses)
        .slice(0, limit)
        .map(({ row }) => rowOf(row)),
    count: async (statuses) => matching(statuses).length,
    async *ids() {
      yield* leads.keys();
    },
    async add({ id = randomUUID(), description }) {
      const row = {
        id,
        status: 'new',
        description,
        last_error: null,
        retry_count: 0,
        claimed_by: null,
        lease_expires_at: null,
        claim_epoch: 0,
        next_attempt_at: null,
        processing_started_at: null,
        processing_completed_at: null,
        pipeline_progress: null,
        pipeline_updated_at: null,
      };
      const lead = { row, artifacts: new Map<string, string>(), pages: [] };
      leads.set(id, lead);
      flag(lead);
      return id;
    },
    async flag(leadId) {
      const lead = leads.get(leadId);
      if (lead === undefined) throw new PlanlineError('lead_moved', `There is no lead ${leadId}.`);
      flag(lead);
    },
    async nextDue() {
      const next = queue().find(({ row }) => row.claimed_by === null);
      return next === undefined ? null : dueMs(next);
    },
    heldAtRest: async (daemon) =>
      [...leads.values()]
        .filter(({ row }) => row.claimed_by === daemon && !UNDER_WAY.includes(row.status ?? ''))
        .map(({ row }) => rowOf(row)),
    names: async () => new Map<string, string>(),
    summary: async () => ({
      archived: matching(['archived']).length,
      blocked: matching(['blocked']).length,
      running: matching(UNDER_WAY.slice(1)).length,
      flagged: matching(['flagged']).length,
      blockedLeads: matching(['blocked']).map(({ row }) => ({
        id: row.id,
        lastError: row.last_error,
      })),
    }),
  };

  const retention: RetentionStore = {
    async erase({ leadId, actor }) {
      const lead = leads.get(leadId);
      if (lead === undefined) throw new PlanlineError('lead_moved', `There is no lead ${leadId}.`);
      if (lead.row.claimed_by !== null) {
        throw new PlanlineError('stale_lease', `Lead ${leadId} is being worked on.`);
      }
      const data = {
        runs: 1,
        artifacts: lead.artifacts.size,
        pages: lead.pages.length,
        page_versions: lead.pages.length,
        notifications: 0,
      };
      record(leadId, said('lead.erased', data, actor, 'erased'), lead.row.status);
      lead.artifacts.clear();
      lead.pages = [];
      lead.row = { ...lead.row, status: 'erased', description: null, pipeline_progress: null };
      const { page_versions: pageVersions, ...counts } = data;
      return { ...counts, pageVersions, leadId, recorded: true, ownColumns: [] };
    },
    async *erasedIds({ withinMs } = { withinMs: Infinity }) {
      const sinceMs = clock.now() - withinMs;
      const counts = ({ type, recorded_at: at }: StoredEnvelope): boolean =>
        type === 'lead.erased' && Date.parse(at) > sinceMs;
      for (const [leadId, events] of streams) {
        if (events.some(counts)) yield leadId;
      }
    },
    prune: () => Promise.reject(new Error('the database in memory prunes nothing')),
  };

  return {
    store,
    directory,
    recovery,
    retention,
    edit(leadId, { status, description }) {
      const lead = leads.get(leadId);
      if (lead === undefined) throw new Error(`there is no lead ${leadId}`);
      const from = lead.row.status;
      if (description !== undefined) {
        lead.row = { ...lead.row, description };
        const data = { columns: ['description'], ...facts(description) };
        record(leadId, said('lead.edited', data, 'hand:test'), from);
      }
      if (status === 'flagged') flag(lead);
      else if (status !== undefined) {
        lead.row = { ...lead.row, status };
        record(leadId, said('lead.withdrawn', {}, 'hand:test', status), from);
      }
    },
    remove(leadId) {
      const status = leads.get(leadId)?.row.status ?? null;
      leads.delete(leadId);
      record(leadId, said('lead.deleted', {}, 'hand:test'), status);
    },
    events: (leadId) => streams.get(leadId) ?? [],
    record(leadId, type, data, actor) {
      record(leadId, said(type, data, actor), leads.get(leadId)?.row.status ?? null);
    },
  };
}
