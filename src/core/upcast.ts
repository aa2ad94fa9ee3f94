/** Old events as today's: data of an earlier version is brought to the current one on read. */
import { z } from 'zod';
import { PlanlineError } from './errors.ts';
import {
  EVENT_DATA,
  EVENT_VERSION,
  type EventType,
  type StoredEnvelope,
  type StoredEvent,
} from './events.ts';

type Upcaster = (data: StoredEnvelope['data']) => StoredEnvelope['data'];

/**
 * `UPCASTERS[type][v]` brings data of version v to v + 1. Empty while version 1 is the only one:
 * when an event's shape changes, its old histories stay in test/fixtures/histories and must replay.
 */
const UPCASTERS: Partial<Record<EventType, Readonly<Record<number, Upcaster>>>> = {};

const EVENT_TYPES: readonly string[] = Object.keys(EVENT_DATA);

function isEventType(type: string): type is EventType {
  return EVENT_TYPES.includes(type);
}

function upcastData(
  type: EventType,
  v: number,
  data: StoredEnvelope['data'],
): StoredEnvelope['data'] {
  let current = data;
  for (let version = v; version < EVENT_VERSION; version += 1) {
    current = UPCASTERS[type]?.[version]?.(current) ?? current;
  }
  return current;
}

/** Checks a stored event and brings it to today's version. Throws `corrupt`. */
export function upcast(envelope: StoredEnvelope): StoredEvent {
  const { type, v, lead_id: leadId, seq } = envelope;
  if (!isEventType(type) || v > EVENT_VERSION) {
    throw new PlanlineError(
      'corrupt',
      `Event ${seq} of lead ${leadId} is ${type} version ${v}, which this planline does not know: it was written by a newer one. Install the newer version.`,
    );
  }
  const data = EVENT_DATA[type].safeParse(upcastData(type, v, envelope.data));
  if (!data.success) {
    throw new PlanlineError(
      'corrupt',
      `Event ${seq} of lead ${leadId} (${type}) does not have the data of its type: ${z.prettifyError(data.error)}`,
      { cause: data.error },
    );
  }
  // The schema was chosen by `type`, so data and type belong together; TypeScript cannot relate them.
  return { ...envelope, type, data: data.data, v: EVENT_VERSION } as StoredEvent;
}
