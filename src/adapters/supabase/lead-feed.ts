/**
 * LeadFeed by Supabase Realtime, which promises no delivery: each message only says "look again".
 * The client rejoins by itself after most failures; CLOSED is final and a half-open socket is silent,
 * so a supervisor builds a new channel when the present one is lost or not joined for too long.
 */
import {
  REALTIME_SUBSCRIBE_STATES,
  type RealtimeChannel,
  type SupabaseClient,
} from '@supabase/supabase-js';
import { z } from 'zod';
import type { Clock, FeedHealth, LeadFeed, Log, Random } from '../../ports.ts';

const LOOK_EVERY_MS = 5_000;
/** Longer than the client's own rejoin attempts take in an ordinary outage. */
const LOST_AFTER_MS = 120_000;
const REBUILD_BASE_MS = 1_000;
const REBUILD_MAX_MS = 60_000;
const WAIT_FOR_CHANGES_MS = 15_000;

/** What the server says of a subscription after its join: it may lose its database, and find it again. */
const systemMessage = z.looseObject({ status: z.string(), message: z.string().optional() });

export interface FeedDeps {
  readonly client: SupabaseClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export function createLeadFeed({ client, clock, random, log }: FeedDeps): LeadFeed {
  const stopping = new AbortController();
  let health: FeedHealth = {
    state: 'connecting',
    lastEventMs: null,
    lastHeartbeatMs: null,
    detail: null,
  };
  let supervisor: Promise<void> | null = null;
  let generation = 0;

  const note = (change: Partial<FeedHealth>): void => {
    health = { ...health, ...change };
  };

  function live(onChange: () => void): void {
    note({ state: 'live', detail: null });
    log.info({}, 'Realtime: subscribed to junior_leads');
    onChange();
  }

  function down(reason: string, status: string): void {
    note({ state: 'down', detail: reason });
    log.warn({ status, reason }, 'Realtime: not subscribed; polling meanwhile');
  }

  /** Opens a channel; `lost` is called when it is final. Messages of older channels are ignored. */
  function open(onChange: () => void, lost: () => void): RealtimeChannel {
    const mine = (generation += 1);
    const current = (): boolean => mine === generation && !stopping.signal.aborted;
    const changed = (): void => {
      if (!current()) return;
      note({ lastEventMs: clock.now() });
      onChange();
    };
    /** Joined, but without a database behind it: nothing would ever be told. */
    const heard = (payload: unknown): void => {
      const system = systemMessage.safeParse(payload);
      if (!current() || !system.success) return;
      const { status, message = status } = system.data;
      if (status === 'error') down(message, 'system');
      else if (health.state !== 'live') live(onChange);
      else changed();
    };
    return client
      .channel(`planline-leads-${mine}`, {
        config: { postgres_changes_options: { wait: true, timeout: WAIT_FOR_CHANGES_MS } },
      })
      .on(
        'postgres_changes',
        { event: '*', schema: 'public', table: 'junior_leads', filter: 'status=eq.flagged' },
        changed,
      )
      .on('system', {}, heard)
      .subscribe((status, error) => {
        if (!current()) return;
        if (status === REALTIME_SUBSCRIBE_STATES.SUBSCRIBED) {
          live(onChange);
          return;
        }
        down(error?.message ?? status, status);
        if (status === REALTIME_SUBSCRIBE_STATES.CLOSED) lost();
      });
  }

  async function untilLost(isClosed: () => boolean): Promise<void> {
    let downSinceMs: number | null = null;
    while (!stopping.signal.aborted && !isClosed()) {
      await clock.sleep(LOOK_EVERY_MS, stopping.signal);
      downSinceMs = health.state === 'live' ? null : (downSinceMs ?? clock.now());
      if (downSinceMs !== null && clock.now() - downSinceMs > LOST_AFTER_MS) return;
    }
  }

  async function close(channel: RealtimeChannel): Promise<void> {
    generation += 1;
    // Never from within the status callback: removeChannel calls it again, without end.
    await client.removeChannel(channel);
    await client.realtime.disconnect();
  }

  async function supervise(onChange: () => void): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      let closed = false;
      note({ state: 'connecting' });
      const channel = open(onChange, () => {
        closed = true;
      });
      await untilLost(() => closed);
      await close(channel);
      if (stopping.signal.aborted) return;
      const ceilingMs = Math.min(REBUILD_MAX_MS, REBUILD_BASE_MS * 2 ** Math.min(failures, 6));
      await clock.sleep(ceilingMs * (0.5 + random.fraction() / 2), stopping.signal);
      log.info({ channels: failures + 2 }, 'Realtime: building a new channel');
    }
  }

  return {
    start(onChange) {
      client.realtime.onHeartbeat((status) => {
        if (status === 'ok') note({ lastHeartbeatMs: clock.now() });
      });
      supervisor = supervise(onChange).catch((error: unknown) => {
        note({ state: 'down', detail: String(error) });
        log.error({ error }, 'Realtime: the supervisor failed; leads are found by polling only');
      });
    },
    health: () => health,
    async stop() {
      stopping.abort();
      await supervisor;
    },
  };
}
