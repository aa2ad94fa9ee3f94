/** An EventStore whose appends and renewals are counted; what it answers is not touched. */
import { isPlanlineError } from '../core/errors.ts';
import type { EventStore } from '../ports.ts';
import type { WorkMeter } from '../ports-metrics.ts';

export function meteredStore(store: EventStore, meter: WorkMeter): EventStore {
  return {
    ...store,
    async append(request) {
      const events = await store.append(request);
      meter.appended(events);
      return events;
    },
    async renew(leadId, epoch, leaseMs) {
      try {
        await store.renew(leadId, epoch, leaseMs);
        meter.leaseRenewed('kept');
      } catch (error) {
        meter.leaseRenewed(isPlanlineError(error, 'stale_lease') ? 'lost' : 'failed');
        throw error;
      }
    },
  };
}
