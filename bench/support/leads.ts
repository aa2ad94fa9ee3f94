/** Leads of a database under test, as a program other than planline sees them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { nowMs } from '../rivals/protocol.ts';
import { embeddedClient, type RunningDaemon } from './daemon.ts';
import type { Project } from './hosted.ts';

const DESCRIPTION =
  'I am 31 and have cooked in restaurants for nine years. I want to learn testing.';

/** When an event happened by the daemon's clock, and when the database recorded it; epoch ms. */
export interface EventTimes {
  readonly type: string;
  readonly occurredMs: number;
  readonly recordedMs: number;
}

export interface Leads {
  /** Inserts leads that nobody works on yet; their ids. */
  insert(count: number): Promise<string[]>;
  /** Sets them to `flagged` in one statement; epoch ms at which it was about to be sent. */
  flag(ids: readonly string[]): Promise<number>;
  statuses(ids: readonly string[]): Promise<string[]>;
  events(id: string): Promise<EventTimes[]>;
}

const idRows = z.array(z.object({ id: z.coerce.string() }));
const statusRows = z.array(z.object({ status: z.string() }));
const eventRows = z.array(
  z.object({ type: z.string(), occurred_at: z.string(), recorded_at: z.string() }),
);

function timesOf(rows: unknown): EventTimes[] {
  return eventRows.parse(rows).map(({ type, occurred_at, recorded_at }) => ({
    type,
    occurredMs: Date.parse(occurred_at),
    recordedMs: Date.parse(recorded_at),
  }));
}

/** Directly in the database, as rivals are given their jobs. */
export function leadsOf({ sql }: Pick<Project, 'sql'>): Leads {
  return {
    async insert(count) {
      const rows = await sql(
        `insert into public.junior_leads (description, status)
         select $1, 'new' from generate_series(1, $2::integer) returning id`,
        [DESCRIPTION, count],
      );
      return idRows.parse(rows).map(({ id }) => id);
    },
    async flag(ids) {
      const atMs = nowMs();
      await sql(
        `update public.junior_leads set status = 'flagged' where id::text = any ($1::text[])`,
        [ids],
      );
      return atMs;
    },
    async statuses(ids) {
      const rows = await sql(
        'select status from public.junior_leads where id::text = any ($1::text[])',
        [ids],
      );
      return statusRows.parse(rows).map(({ status }) => status);
    },
    async events(id) {
      return timesOf(
        await sql(
          'select type, occurred_at, recorded_at from public.pipeline_events where lead_id = $1 order by seq',
          [id],
        ),
      );
    },
  };
}

/** By supabase-js, which is the only way to an embedded Supabase from outside its daemon. */
export async function leadsOfEmbedded(daemon: RunningDaemon): Promise<Leads> {
  const client = await embeddedClient(daemon);
  const leads = () => client.from('junior_leads');
  return {
    async insert(count) {
      const rows = Array.from({ length: count }, () => ({
        description: DESCRIPTION,
        status: 'new',
      }));
      const { data } = await leads().insert(rows).select('id').throwOnError();
      return idRows.parse(data).map(({ id }) => id);
    },
    async flag(ids) {
      const atMs = nowMs();
      await leads()
        .update({ status: 'flagged' })
        .in('id', [...ids])
        .throwOnError();
      return atMs;
    },
    async statuses(ids) {
      const { data } = await leads()
        .select('status')
        .in('id', [...ids])
        .throwOnError();
      return statusRows.parse(data).map(({ status }) => status);
    },
    async events(id) {
      const columns = 'type,occurred_at,recorded_at';
      const events = client.from('pipeline_events').select(columns).eq('lead_id', id);
      const { data } = await events.order('seq').throwOnError();
      return timesOf(data);
    },
  };
}

/** Looks rarely: who looks often takes time from those who work. */
export async function untilArchived(
  leads: Leads,
  ids: readonly string[],
  { everyMs, limitMs }: { everyMs: number; limitMs: number },
): Promise<void> {
  const deadlineMs = nowMs() + limitMs;
  for (;;) {
    await sleep(everyMs);
    const statuses = await leads.statuses(ids);
    if (statuses.every((status) => status === 'archived')) return;
    if (statuses.includes('blocked') || nowMs() > deadlineMs) {
      throw new Error(`Not all leads were archived: ${statuses.join(', ')}`);
    }
  }
}
