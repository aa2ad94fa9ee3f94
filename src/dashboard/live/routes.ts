/** Server-sent events: that something changed, never what; the page fetches itself again. */
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { DashboardDeps } from '../deps.ts';
import type { DashboardEnv } from '../env.ts';

/** Proxies and browsers take a silent connection for a dead one. */
const KEEP_ALIVE_MS = 15_000;
/** A run tells many facts a second; pages need not follow each. */
const GATHER_MS = 250;

export function liveRoutes({ changes, clock }: DashboardDeps): Hono<DashboardEnv> {
  const routes = new Hono<DashboardEnv>();
  routes.get('/live', (context) =>
    streamSSE(context, async (stream) => {
      const ended = new AbortController();
      const changed = new Set<string | null>();
      let wake = new AbortController();
      const unsubscribe = changes.subscribe((leadId) => {
        changed.add(leadId);
        wake.abort();
      });
      stream.onAbort(() => {
        unsubscribe();
        ended.abort();
        wake.abort();
      });
      await stream.writeSSE({ event: 'ready', data: '' });
      while (!ended.signal.aborted) {
        await clock.sleep(KEEP_ALIVE_MS, wake.signal);
        if (changed.size === 0) await stream.writeSSE({ event: 'alive', data: '' });
        else await clock.sleep(GATHER_MS, ended.signal);
        const leads = [...changed];
        changed.clear();
        wake = new AbortController();
        for (const lead of leads) {
          await stream.writeSSE({ event: 'change', data: JSON.stringify({ lead }) });
        }
      }
    }),
  );
  return routes;
}
