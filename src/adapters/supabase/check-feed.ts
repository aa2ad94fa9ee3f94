/** Does Realtime take a subscription to leads, as the daemon makes it? */
import type { Finding, LeadFeed } from '../../ports.ts';
import type { Clock } from '../../ports.ts';

const LOOK_EVERY_MS = 100;
const WAIT_MS = 15_000;

/** The feed is started and stopped here. Changes nothing, so nothing is sent to see it arrive. */
export async function checkFeed(
  feed: LeadFeed,
  clock: Clock,
  signal: AbortSignal,
): Promise<Finding> {
  const name = 'realtime';
  const untilMs = clock.now() + WAIT_MS;
  feed.start(() => undefined);
  try {
    while (feed.health().state === 'connecting' && clock.now() < untilMs && !signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
    const { state, detail } = feed.health();
    if (state === 'live') {
      const said = 'the server took the subscription to junior_leads and sends its changes';
      return { name, level: 'ok', detail: said, action: null };
    }
    return {
      name,
      level: 'warning',
      detail: `no changes arrive (${detail ?? 'no answer within 15 s'}); leads are found by polling only`,
      action:
        'See that Realtime is switched on (Supabase dashboard, Realtime settings) and that nothing ' +
        'between here and the project blocks websockets. Everything works meanwhile, only later.',
    };
  } finally {
    await feed.stop();
  }
}
