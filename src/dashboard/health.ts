/** For monitoring, without a login: is the process alive, can it work, and how much does it do? */
import { Hono } from 'hono';
import { elapsedMs } from '../core/instant.ts';
import type { Clock } from '../ports.ts';
import type { Metrics } from '../ports-metrics.ts';
import { readHealth, readLevels, type HealthDeps } from '../shell/health.ts';

export interface HealthRoutesDeps extends HealthDeps {
  readonly metrics: Pick<Metrics, 'text'>;
}

const OK = 200;
const UNAVAILABLE = 503;
const FRESH = { 'Cache-Control': 'no-store' };
/** A scrape costs a handful of counts: whoever asks more often gets the same answer. */
const METRICS_KEPT_MS = 2_000;

const HEALTH_KEPT_MS = 1_000;

/** The answer to whoever asked last, for those who ask soon after. */
function keptFor<T>(ms: number, clock: Clock, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly atMs: number; readonly answer: Promise<T> } | null = null;
  return () => {
    const nowMs = clock.now();
    if (last === null || elapsedMs(last.atMs, nowMs) > ms || last.atMs > nowMs) {
      last = { atMs: nowMs, answer: ask() };
    }
    return last.answer;
  };
}

/** `/healthz` answers while the event loop turns; `/readyz` once leads can be taken; `/metrics` counts. */
export function healthRoutes(deps: HealthRoutesDeps): Hono {
  const app = new Hono();
  const scrape = keptFor(METRICS_KEPT_MS, deps.clock, async () =>
    deps.metrics.text(await readLevels(deps)),
  );

  const health = keptFor(HEALTH_KEPT_MS, deps.clock, () => readHealth(deps));

  app.get('/healthz', (context) => context.json({ alive: true }, OK, FRESH));

  app.get('/readyz', async (context) => {
    const { isReady, checks } = await health();
    return context.json({ ready: isReady, checks }, isReady ? OK : UNAVAILABLE, FRESH);
  });

  app.get('/metrics', async (context) => {
    const { contentType, text } = await scrape();
    return context.body(text, OK, { ...FRESH, 'Content-Type': contentType });
  });

  return app;
}
