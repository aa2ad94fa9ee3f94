/** Stored histories, and today's machine or another one that is to replay them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { LeadState } from '../../machines/fold.ts';
import { messageOf } from '../../src/core/errors.ts';
import { storedEnvelope, type StoredEnvelope, type StoredEvent } from '../../src/core/events.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/histories');

/** `v1/finished.jsonl` … */
export function storedHistories(): string[] {
  const stored = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
  return stored
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.split(sep).join('/'))
    .toSorted();
}

export function readHistory(name: string): StoredEnvelope[] {
  const lines = readFileSync(join(FOLDER, name), 'utf8').trimEnd().split('\n');
  return lines.map((line) => storedEnvelope.parse(JSON.parse(line)));
}

/** What makes a state of events; today's, or one with a change that is tried out. */
export interface Machine {
  readonly NEW_LEAD: LeadState;
  readonly foldEvent: (state: LeadState, event: StoredEvent) => LeadState;
  readonly upcast: (event: StoredEnvelope) => StoredEvent;
}

/** Names history and event when the machine does not take it. */
export function replay(
  name: string,
  events: readonly StoredEnvelope[],
  { NEW_LEAD, foldEvent, upcast }: Machine,
): LeadState {
  return events.reduce((state, event) => {
    try {
      return foldEvent(state, upcast(event));
    } catch (error) {
      const what = `${name}, event ${event.seq} (${event.type} v${event.v})`;
      throw new Error(`${what} does not replay: ${messageOf(error)}`, { cause: error });
    }
  }, NEW_LEAD);
}
