import { describe, expect, it } from 'vitest';
import { fold, nextEffect } from '../../../machines/fold.ts';
import { STATUS_OF_STEP, statusAfter, STEPS } from '../../../src/core/lifecycle.ts';
import { promptsDone } from '../../../src/core/lead-state.ts';
import { History } from '../../support/history.ts';

const started = () => new History().flagged().claimed().started();

describe('a lead folded from its events', () => {
  it('rests before its first event', () => {
    expect(nextEffect(fold([]))).toEqual({ do: 'rest' });
  });

  it('begins once it is flagged', () => {
    const state = fold(new History().flagged().events);
    expect(state.status).toBe('flagged');
    expect(nextEffect(state)).toEqual({ do: 'begin' });
  });

  it('names each step in order, and the status that the row must have in it', () => {
    const history = started();
    for (const step of STEPS) {
      const state = fold(history.events);
      expect(nextEffect(state)).toEqual({ do: 'perform', step });
      expect(state.status).toBe(STATUS_OF_STEP[step]);
      expect(state.at).toBe(`${STATUS_OF_STEP[step]}.${step}`);
      history.completed(step);
      expect(fold(history.events).status).toBe(statusAfter(step));
    }
    const end = fold(history.events);
    expect(end.status).toBe('archived');
    expect(end.run?.finishedAt).not.toBeNull();
    expect(nextEffect(end)).toEqual({ do: 'rest' });
  });

  it('refuses a step out of order and names the event', () => {
    const history = started().completed('plan');
    expect(() => fold(history.events)).toThrow(
      /Event 4 of lead lead-1 \(step.completed\) cannot follow in state processing.input_transform/,
    );
  });

  it('refuses a prompt in a step that asks nothing', () => {
    const history = started().through('plan').answered('stage2', 1);
    expect(() => fold(history.events)).toThrow(/cannot follow in state processing.blocks/);
  });

  it('keeps what each prompt came to', () => {
    const history = started().answered('input_transform', 1);
    const run = fold(history.events).run;
    expect(run?.prompts.get('input_transform/1')).toMatchObject({
      phase: 'saved',
      requestId: 'input_transform-1',
      reply: { path: 'input_transform/reply_1.txt' },
    });
    expect(run === null || run === undefined ? 0 : promptsDone(run)).toBe(1);
  });

  it('is withdrawn by a status of the user and resumes when flagged again', () => {
    const history = started()
      .completed('input_transform')
      .add('lead.withdrawn', {}, { statusTo: 'new' });
    expect(nextEffect(fold(history.events))).toEqual({ do: 'rest' });
    history.flagged().claimed(2);
    expect(nextEffect(fold(history.events))).toEqual({ do: 'begin' });
    history.add('run.resumed', { step: 'plan', artifacts: [] }, { statusTo: 'processing' });
    expect(nextEffect(fold(history.events))).toEqual({ do: 'perform', step: 'plan' });
  });

  it('counts failures of an effect, and forgets them when the run is resumed', () => {
    const history = started()
      .add('attempt.failed', {
        step: 'input_transform',
        n: 1,
        attempt: 1,
        code: 'retryable',
        reason: 'no JSON',
        retry_at: '2026-11-23T10:01:00.000Z',
        keeps_request: false,
      })
      .add(
        'lead.blocked',
        { step: 'input_transform', n: 1, code: 'retryable', reason: 'no JSON' },
        { statusTo: 'blocked' },
      );
    const blocked = fold(history.events);
    expect(blocked.run?.failures.get('input_transform/1')?.count).toBe(1);
    expect(blocked.run?.blocked?.reason).toBe('no JSON');
    expect(nextEffect(blocked)).toEqual({ do: 'rest' });
    history
      .flagged()
      .add('run.resumed', { step: 'input_transform', artifacts: [] }, { statusTo: 'processing' });
    const resumed = fold(history.events);
    expect(resumed.run?.failures.size).toBe(0);
    expect(resumed.run?.blocked).toBeNull();
    expect(resumed.run?.retries).toBe(1);
  });

  it('folds in pieces to the same state as at once', () => {
    const { events } = started().answered('input_transform', 1).through('archive');
    const pieces = events.reduce((state, event) => fold([event], state), fold([]));
    expect(pieces).toEqual(fold(events));
  });

  it('refuses an event type that it does not know, saying what to do', () => {
    const { events } = started();
    const [first] = events;
    if (first === undefined) throw new Error('no event');
    expect(() => fold([{ ...first, type: 'lead.teleported' }])).toThrow(
      /Install the newer version/,
    );
    expect(() => fold([{ ...first, data: {} }])).toThrow(/does not have the data of its type/);
  });
});
