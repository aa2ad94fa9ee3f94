/** What planline asks of a database while it works and is looked at, each call as planline makes it. */
import { randomUUID } from 'node:crypto';
import { createEventStore } from '../../src/adapters/supabase/event-store.ts';
import { connect } from '../../src/adapters/supabase/client.ts';
import { createLeadDirectory } from '../../src/adapters/supabase/lead-directory.ts';
import { createLeadReader } from '../../src/adapters/supabase/lead-reader.ts';
import { readLeads } from '../../src/cli/leads/lead-status.ts';
import { EVENT_VERSION, type NewEvent } from '../../src/core/events.ts';
import { sha256Hex } from '../../src/core/hash-chain.ts';
import type { Artifact, Claim } from '../../src/ports.ts';
import type { LeadCursor } from '../../src/ports-dashboard.ts';
import { queryOf, viewOf } from '../../src/dashboard/leads/view.ts';
import { median } from '../report/statistics.ts';

const LEASE_MS = 120_000;
const DAEMON = 'bench-daemon';
const HOUR_MS = 3_600_000;
/** As many rows as `planline status` lists. */
const STATUS_LIMIT = 1_000;
const REPLY = 'What a lesson says, in a sentence. '.repeat(170);

/** Medians in ms, by the name of the row. */
export type Times = Readonly<Record<string, number>>;

export interface Known {
  /** Any lead at rest. */
  readonly leadId: string;
  /** In the middle of the list. */
  readonly middle: LeadCursor;
  /** A name that one lead has. */
  readonly name: string;
}

export interface Access {
  readonly url: string;
  readonly secretKey: string;
}

async function timed(times: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const all: number[] = [];
  for (let done = 0; done < times; done += 1) {
    const beganMs = performance.now();
    await work();
    all.push(performance.now() - beganMs);
  }
  return median(all);
}

/** What one prompt appends when it is answered: three events, its reply and how far the run is. */
function answered({ lead }: Claim): {
  events: NewEvent[];
  artifacts: Artifact[];
} {
  const sha256 = sha256Hex(REPLY + lead.id);
  const reply = { path: 'stage_2/part1.txt', sha256, bytes: REPLY.length + lead.id.length };
  const common = {
    run_id: '20250101_100000',
    v: EVENT_VERSION,
    status_to: null,
    actor: DAEMON,
    occurred_at: new Date().toISOString(),
  };
  const of = { step: 'stage2', n: 1 } as const;
  const request_id = `request-${lead.id}`;
  return {
    artifacts: [{ ...reply, content: REPLY + lead.id }],
    events: [
      {
        ...common,
        event_id: randomUUID(),
        type: 'prompt.sent',
        data: { ...of, request_id, ref: { kind: 'response', id: request_id } },
      },
      {
        ...common,
        event_id: randomUUID(),
        type: 'prompt.answered',
        data: {
          ...of,
          request_id,
          reply_sha256: sha256,
          chars: reply.bytes,
          capture: 'api',
          complete: true,
          duration_ms: 9_000,
        },
      },
      {
        ...common,
        event_id: randomUUID(),
        type: 'prompt.saved',
        data: { ...of, reply, meta: { ...reply, path: `${reply.path}.meta.json` } },
      },
    ],
  };
}

/** Each lead is claimed once: what it is given back for is an hour off. */
export async function workOn(access: Access, leads: number): Promise<Times> {
  const store = createEventStore(connect(access, () => 0));
  const times = { claim: [], append: [], renew: [], read: [] } satisfies Record<string, number[]>;
  const all: Record<keyof typeof times, number[]> = times;
  async function measure<T>(name: keyof typeof times, work: () => Promise<T>): Promise<T> {
    const beganMs = performance.now();
    const result = await work();
    all[name].push(performance.now() - beganMs);
    return result;
  }
  for (let done = 0; done < leads; done += 1) {
    const claim = await measure('claim', () =>
      store.claim({ daemon: DAEMON, leaseMs: LEASE_MS, running: [] }),
    );
    if (claim === null) throw new Error('no lead is waiting any more');
    const { lead, epoch } = claim;
    const events = await measure('read', () => store.read(lead.id, 0));
    const seq = events.at(-1)?.seq ?? 0;
    await measure('renew', () => store.renew(lead.id, epoch, LEASE_MS));
    await measure('append', () =>
      store.append({
        leadId: lead.id,
        epoch,
        expectedSeq: seq,
        runId: '20250101_100000',
        ...answered(claim),
        patch: {
          pipeline_progress: {
            run_id: '20250101_100000',
            step: 'stage2',
            prompts_done: 3,
            prompts_total: 32,
          },
        },
      }),
    );
    await store.release(lead.id, epoch, { delayMs: HOUR_MS, seenSeq: seq + 3 });
  }
  return {
    'claim of the next lead': median(all.claim),
    'reading the stream of a lead': median(all.read),
    'append of an answered prompt': median(all.append),
    'renewal of a lease': median(all.renew),
  };
}

export async function claimOnly(access: Access, leads: number): Promise<number> {
  const store = createEventStore(connect(access, () => 0));
  const times: number[] = [];
  for (let done = 0; done < leads; done += 1) {
    const beganMs = performance.now();
    const claim = await store.claim({ daemon: DAEMON, leaseMs: LEASE_MS, running: [] });
    times.push(performance.now() - beganMs);
    if (claim === null) throw new Error('no lead is waiting any more');
    await store.release(claim.lead.id, claim.epoch, { delayMs: HOUR_MS, seenSeq: 0 });
  }
  return median(times);
}

export async function lookAt(access: Access, known: Known, calls: number): Promise<Times> {
  const client = connect(access, () => 0);
  const directory = createLeadDirectory(client);
  const reader = createLeadReader(client);
  const { middle, name } = known;
  const page = (query: Readonly<Record<string, string>>) => () =>
    reader.list(queryOf(viewOf(new URLSearchParams(query))));
  const few = Math.max(3, Math.round(calls / 4));
  return {
    'planline status, all': await timed(few, async () => {
      const leads = await readLeads(directory, { limit: STATUS_LIMIT, atRest: true });
      if (leads.length >= STATUS_LIMIT) await directory.count();
    }),
    'planline status, one': await timed(calls, () => directory.get(known.leadId)),
    'list, latest change first': await timed(calls, page({})),
    'list, oldest change first': await timed(calls, page({ sort: 'changed-asc' })),
    'list, latest start first': await timed(calls, page({ sort: 'started' })),
    'list, oldest start first': await timed(calls, page({ sort: 'started-asc' })),
    'list, a page in the middle': await timed(calls, page({ after: `${middle.key}~${middle.id}` })),
    'list, one status': await timed(calls, page({ status: 'blocked' })),
    'list, search for a name': await timed(calls, page({ q: name })),
    'counts of all statuses': await timed(calls, () => reader.counts('')),
    'counts of what a search finds': await timed(calls, () => reader.counts(name)),
    'has anything changed': await timed(calls, () => reader.changeMark()),
    'queue and leases': await timed(calls, () => reader.overview()),
  };
}
