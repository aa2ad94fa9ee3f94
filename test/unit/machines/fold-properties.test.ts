/** What holds for every stream that the chart allows, however it is read. */
import * as fc from 'fast-check';
import { UNARMED } from '../../../src/core/crash-points.ts';
import { describe, expect, it } from 'vitest';
import {
  accepts,
  fold,
  foldEvent,
  NEW_LEAD,
  nextEffect,
  type LeadState,
} from '../../../machines/fold.ts';
import { nextOf } from '../../../src/core/deliveries.ts';
import { EVENT_DATA, type StoredEnvelope } from '../../../src/core/events.ts';
import { findChainFault } from '../../../src/core/hash-chain.ts';
import { STATUSES, STATUS_OF_STEP, STEPS } from '../../../src/core/lifecycle.ts';
import { upcast } from '../../../src/core/upcast.ts';
import type { EventStore, LeadFiles } from '../../../src/ports.ts';
import { openStream } from '../../../src/shell/lead-stream.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { deliveriesOf, streams } from '../../support/stream-arbitrary.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

/** Each state of a stream, from before its first event. */
function statesOf(events: readonly StoredEnvelope[]): LeadState[] {
  const states = [NEW_LEAD];
  for (const event of events) states.push(foldEvent(states.at(-1) ?? NEW_LEAD, upcast(event)));
  return states;
}

const isOurs = (status: string | null | undefined): boolean =>
  STATUSES.some((ours) => ours === status);

const statusOf = ({ at }: LeadState): string => at.split('.')[0] ?? at;

/** Where each status may go, written down again: the chart is not asked. `idle`: any of the user's. */
const MOVES: Readonly<Record<string, readonly string[]>> = {
  idle: ['flagged'],
  flagged: ['processing', 'plan_ready', 'html_ready', 'uploaded', 'blocked', 'idle'],
  processing: ['plan_ready', 'blocked', 'flagged', 'idle'],
  plan_ready: ['html_ready', 'blocked', 'flagged', 'idle'],
  html_ready: ['uploaded', 'blocked', 'flagged', 'idle'],
  uploaded: ['archived', 'blocked', 'flagged', 'idle'],
  archived: ['flagged', 'idle'],
  blocked: ['flagged', 'idle'],
  erased: ['flagged', 'idle'],
};

/** A person may ask to be forgotten wherever their lead is. */
const FROM_ANYWHERE = ['erased'];

describe('walks along the chart', () => {
  it('come to every state and every event', () => {
    const walks = fc.sample(streams(), { numRuns: 250, seed: 20_261_123 });
    const types = new Set(walks.flat().map(({ type }) => type));
    expect([...types].toSorted()).toEqual(Object.keys(EVENT_DATA).toSorted());
    const states = new Set(walks.flatMap(statesOf).map(({ at }) => at));
    const running = STEPS.map((step) => `${STATUS_OF_STEP[step]}.${step}`);
    expect([...states].toSorted()).toEqual(
      [...running, 'idle', 'flagged', 'archived', 'blocked', 'erased'].toSorted(),
    );
  });
});

describe('every accepted stream', () => {
  it('is whole, and folds to its own end with something to do next', () => {
    fc.assert(
      fc.property(streams(), (events) => {
        expect(findChainFault(events)).toBeNull();
        const state = fold(events);
        expect(state.seq).toBe(events.length);
        expect(state.hash).toBe(events.at(-1)?.hash ?? NEW_LEAD.hash);
        expect(nextEffect(state).do).toMatch(/^(begin|perform|rest)$/);
      }),
    );
  });

  it('folds the same in batches as at once', () => {
    fc.assert(
      fc.property(streams(), fc.array(fc.nat(60)), (events, cuts) => {
        const ends = [...cuts.filter((cut) => cut < events.length), events.length];
        let state = NEW_LEAD;
        let from = 0;
        for (const end of ends.toSorted((a, b) => a - b)) {
          const before = structuredClone(state);
          const after = fold(events.slice(from, end), state);
          expect(state).toEqual(before);
          state = after;
          from = end;
        }
        expect(state).toEqual(fold(events));
      }),
    );
  });

  it('folds the same after it was written as JSON and read again', () => {
    fc.assert(
      fc.property(streams(), (events) => {
        const read = JSON.parse(JSON.stringify(events)) as StoredEnvelope[];
        expect(findChainFault(read)).toBeNull();
        expect(fold(read)).toEqual(fold(events));
      }),
    );
  });

  it('moves its status along the lifecycle only, and is where its events say', () => {
    fc.assert(
      fc.property(streams(), (events) => {
        const states = statesOf(events);
        for (const [index, after] of states.slice(1).entries()) {
          const [from, to] = [statusOf(states[index] ?? NEW_LEAD), statusOf(after)];
          expect([from, ...(MOVES[from] ?? []), ...FROM_ANYWHERE], `${from} → ${to}`).toContain(to);
          // Out of the pipeline the status is the user's, or there is no row.
          const isRight = to === 'idle' ? !isOurs(events[index]?.status_to) : after.status === to;
          expect(isRight, `${after.status} in ${after.at}`).toBe(true);
        }
      }),
    );
  });

  it('takes no event that the chart does not take, and says which', () => {
    fc.assert(
      fc.property(streams(), streams({ maxLength: 12 }), (events, others) => {
        const state = fold(events);
        for (const other of others.map(upcast)) {
          if (accepts(state, other)) continue;
          expect(() => foldEvent(state, other)).toThrow(
            `Event ${other.seq} of lead ${other.lead_id} (${other.type}) cannot follow in state ${state.at}.`,
          );
        }
      }),
    );
  });
});

describe('however events are delivered', () => {
  const streamAndDeliveries = streams({ maxLength: 25 }).chain((events) =>
    fc.tuple(fc.constant(events), deliveriesOf(events)),
  );

  it('each is taken once, in order, and a gap is noticed', () => {
    fc.assert(
      fc.property(streamAndDeliveries, ([events, deliveries]) => {
        let seq = 0;
        for (const delivery of [...deliveries, events]) {
          const { next, gap } = nextOf(seq, delivery);
          expect(next).toEqual(events.slice(seq, seq + next.length));
          seq += next.length;
          // Everything that came is known now, or the gap before it was told.
          expect(gap).toBe(delivery.some((event) => event.seq > seq));
        }
        expect(seq).toBe(events.length);
      }),
    );
  });

  /** A store whose answers hold what was asked for, and whatever else a network may bring with it. */
  function unrulyStore(events: readonly StoredEnvelope[], noise: readonly StoredEnvelope[][]) {
    const left = [...noise];
    const readSome: EventStore['readSome'] = async (_leadId, afterSeq) => {
      const more = left.pop() ?? [];
      const wanted = events.filter(({ seq }) => seq > afterSeq).toReversed();
      return { events: [...more, ...wanted, ...more], left: 0 };
    };
    return { readSome } as EventStore;
  }

  it('a stream ends in the same state and the same log', async () => {
    await fc.assert(
      fc.asyncProperty(streamAndDeliveries, fc.nat(25), async ([events, noise], known) => {
        const log = events.slice(0, known);
        const files = {
          scanEvents: async (take: (events: readonly StoredEnvelope[]) => void) => {
            const middle = Math.floor(log.length / 2);
            take(log.slice(0, middle));
            take(log.slice(middle));
          },
          appendEvents: async (added: readonly StoredEnvelope[]) => void log.push(...added),
        } as unknown as LeadFiles;
        const last = log.at(-1);
        const store = unrulyStore(events, noise);
        const stream = await openStream('lead-1', 1, {
          // What the log ends with is confirmed by itself.
          store: {
            ...store,
            readSome: async (leadId, afterSeq) =>
              last !== undefined && afterSeq === last.seq - 1 && log.length === last.seq
                ? { events: [last], left: 0 }
                : store.readSome(leadId, afterSeq),
          },
          files,
          clock: virtualClock('2026-11-23T10:00:00.000Z'),
          random: { uuid: () => '', fraction: () => 0 },
          crash: UNARMED,
          log: recordingLog(),
          daemon: 'd1',
        });
        for (let reads = 0; reads < noise.length; reads += 1) await stream.refresh();
        expect(stream.state()).toEqual(fold(events));
        expect(log).toEqual(events);
      }),
    );
  });
});

describe('whatever somebody changes in a stream', () => {
  const atLeast = (length: number) =>
    streams({ maxLength: 25 }).filter((events) => events.length >= length);

  const FIELDS = [
    'event_id',
    'lead_id',
    'run_id',
    'type',
    'status_from',
    'status_to',
    'actor',
    'occurred_at',
    'recorded_at',
    'prev_hash',
    'hash',
  ] as const;

  it('is found, where it is', () => {
    fc.assert(
      fc.property(atLeast(1), fc.nat(), fc.constantFrom(...FIELDS), (events, place, field) => {
        const index = place % events.length;
        const changed = events.map((event, at) =>
          at === index ? Object.assign({}, event, { [field]: `${event[field] ?? ''}0` }) : event,
        );
        expect(findChainFault(changed)?.seq).toBe(index + 1);
      }),
    );
  });

  it('is found when an event is missing, doubled, or has changed places', () => {
    fc.assert(
      fc.property(atLeast(2), fc.nat(), (events, place) => {
        const index = place % (events.length - 1);
        const [one, other] = events.slice(index, index + 2);
        if (one === undefined || other === undefined) throw new Error('the stream is too short');
        for (const changed of [
          events.toSpliced(index, 1),
          events.toSpliced(index, 0, one),
          events.toSpliced(index, 2, other, one),
          events.toSpliced(index, 2, { ...other, seq: one.seq }, { ...one, seq: other.seq }),
        ]) {
          expect(findChainFault(changed)).not.toBeNull();
        }
      }),
    );
  });
});
