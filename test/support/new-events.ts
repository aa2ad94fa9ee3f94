/** Events as a daemon proposes them to the database. */
import { randomUUID } from 'node:crypto';
import type { EventData, EventType, NewEvent } from '../../src/core/events.ts';
import { sha256Hex } from '../../src/core/hash-chain.ts';

export const RUN_ID = '20261123_100000';

export function newEvent<T extends EventType>(
  type: T,
  data: EventData<T>,
  statusTo: string | null = null,
): NewEvent {
  const event = {
    event_id: randomUUID(),
    run_id: RUN_ID,
    type,
    v: 1,
    data,
    status_to: statusTo,
    actor: 'd1',
    occurred_at: new Date().toISOString(),
  };
  // The type parameter pairs type and data; TypeScript loses the pairing in the object.
  return event as NewEvent;
}

export function startedEvent(description: string): NewEvent {
  return newEvent(
    'run.started',
    {
      description_sha256: sha256Hex(description),
      description_chars: description.length,
      block_count: 2,
      driver: 'rehearsal',
      artifacts: [],
    },
    'processing',
  );
}

export function requestedEvent(key: string, kind: string): NewEvent {
  return newEvent('notification.requested', { notification_id: key, kind });
}
