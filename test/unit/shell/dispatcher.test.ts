import { describe, expect, it } from 'vitest';
import { ChatError, PlanlineError } from '../../../src/core/errors.ts';
import type { EventStore } from '../../../src/ports.ts';
import { createDispatcher, type DispatcherOptions } from '../../../src/shell/dispatcher.ts';
import type { RunOutcome } from '../../../src/shell/run-lead.ts';
import { matching } from '../../support/matchers.ts';
import { openTestWorkshop } from '../../support/workshop.ts';

const DESCRIPTION =
  'I am 31 and have cooked in restaurants for nine years. I want to learn to code.';

/** The machine may be busy: what is waited for comes, but nobody says when. */
const PATIENTLY = { timeout: 20_000 };

type Workshop = Awaited<ReturnType<typeof openTestWorkshop>>;

/** A dispatcher that notes how its runs end, and how many ran at a time. */
function dispatcherOf(workshop: Workshop, options: DispatcherOptions = {}) {
  const outcomes: [leadId: string, kind: RunOutcome['kind']][] = [];
  const claims: (string | null)[] = [];
  let most = 0;
  const { store } = workshop.shell;
  const counting: EventStore = {
    ...store,
    async claim(wanted) {
      const claim = await store.claim(wanted);
      claims.push(claim?.lead.id ?? null);
      return claim;
    },
  };
  const dispatcher = createDispatcher(
    {
      ...workshop.shell,
      store: counting,
      progress: (event) => {
        workshop.shell.progress(event);
        most = Math.max(most, dispatcher.running().length);
      },
    },
    workshop.signals,
    { onOutcome: (leadId, outcome) => outcomes.push([leadId, outcome.kind]), ...options },
  );
  return { dispatcher, outcomes, claims, most: () => most };
}

const add = ({ database }: Workshop): Promise<string> =>
  database.directory.add({ description: DESCRIPTION });

/** Holds every prompt until it is released. */
function gate(workshop: Workshop) {
  const opened = Promise.withResolvers<void>();
  let waiting = 0;
  workshop.beforeAnswer(() => {
    waiting += 1;
    return opened.promise;
  });
  return { open: () => opened.resolve(), waiting: () => waiting };
}

describe('a dispatcher', () => {
  it('claims until nothing is left, and never runs more leads than it may', async () => {
    const workshop = await openTestWorkshop({ leadConcurrency: 2 });
    const ids = [await add(workshop), await add(workshop), await add(workshop)];
    const { dispatcher, outcomes, most } = dispatcherOf(workshop);
    dispatcher.poke();
    await dispatcher.idle();
    expect(outcomes).toHaveLength(3);
    expect(new Map(outcomes)).toEqual(new Map(ids.map((id) => [id, 'archived'])));
    expect(most()).toBe(2);
    expect(dispatcher.taken()).toBe(3);
    expect(dispatcher.running()).toEqual([]);
    for (const id of ids) expect(await workshop.statusOf(id)).toBe('archived');
    expect(workshop.asked).toHaveLength(3 * 4);
  });

  it('takes a lead that comes while others run, as far as there is room', async () => {
    const workshop = await openTestWorkshop({ leadConcurrency: 2 });
    const { dispatcher, most } = dispatcherOf(workshop);
    const prompts = gate(workshop);
    const first = await add(workshop);
    dispatcher.poke();
    await expect.poll(prompts.waiting, PATIENTLY).toBe(1);
    expect(dispatcher.running()).toEqual([first]);

    const second = await add(workshop);
    dispatcher.poke();
    await expect.poll(prompts.waiting, PATIENTLY).toBe(2);
    expect(dispatcher.running()).toEqual([first, second]);

    const third = await add(workshop);
    dispatcher.poke();
    dispatcher.poke();
    prompts.open();
    await dispatcher.idle();
    expect(dispatcher.taken()).toBe(3);
    expect(most()).toBe(2);
    expect(await workshop.statusOf(third)).toBe('archived');
  });

  it('serves any number of pokes by one drain', async () => {
    const workshop = await openTestWorkshop({ leadConcurrency: 1 });
    const { dispatcher, claims } = dispatcherOf(workshop);
    for (let poke = 0; poke < 50; poke += 1) dispatcher.poke();
    await dispatcher.idle();
    // The first is under way when the others come: one more look serves them all.
    expect(claims).toEqual([null, null]);
  });

  it('logs a claim that fails, and the next poke claims again', async () => {
    const workshop = await openTestWorkshop();
    const id = await add(workshop);
    let fails = true;
    const { store } = workshop.shell;
    const flaky: EventStore = {
      ...store,
      claim: (options) =>
        fails
          ? Promise.reject(new PlanlineError('setup', 'The database lacks planline_claim.'))
          : store.claim(options),
    };
    const dispatcher = createDispatcher({ ...workshop.shell, store: flaky }, workshop.signals);
    dispatcher.poke();
    await dispatcher.idle();
    expect(workshop.log.records).toMatchObject([
      { level: 'error', fields: { reason: 'The database lacks planline_claim.' } },
    ]);
    expect(await workshop.statusOf(id)).toBe('flagged');
    fails = false;
    dispatcher.poke();
    await dispatcher.idle();
    expect(await workshop.statusOf(id)).toBe('archived');
  });

  it('tells who asked to be told that a claim failed', async () => {
    const workshop = await openTestWorkshop();
    const told: unknown[] = [];
    const failure = new PlanlineError('setup', 'The database lacks planline_claim.');
    const store = { ...workshop.shell.store, claim: () => Promise.reject(failure) };
    const dispatcher = createDispatcher({ ...workshop.shell, store }, workshop.signals, {
      onClaimFailed: (error) => told.push(error),
    });
    dispatcher.poke();
    await dispatcher.idle();
    expect(told).toEqual([failure]);
    expect(workshop.log.records).toEqual([]);
  });

  it('tells what a look has claimed, and not what waits for room', async () => {
    const workshop = await openTestWorkshop({ leadConcurrency: 1 });
    const { dispatcher } = dispatcherOf(workshop);
    const prompts = gate(workshop);
    const first = await add(workshop);
    await add(workshop);
    const looked = await dispatcher.look();
    expect(looked.map(({ lead }) => lead.id)).toEqual([first]);
    prompts.open();
    await dispatcher.idle();
    expect(dispatcher.taken()).toBe(2);
    expect(await dispatcher.look()).toEqual([]);
  });

  it('takes nothing new once it is told to stop, and parks what is under way', async () => {
    const workshop = await openTestWorkshop({ leadConcurrency: 1 });
    const { dispatcher, outcomes, claims } = dispatcherOf(workshop);
    const prompts = gate(workshop);
    const first = await add(workshop);
    const second = await add(workshop);
    dispatcher.poke();
    await expect.poll(prompts.waiting, PATIENTLY).toBe(1);
    workshop.stopping.abort();
    prompts.open();
    await dispatcher.idle();
    dispatcher.poke();
    await dispatcher.idle();

    expect(claims).toEqual([first]);
    expect(outcomes).toEqual([[first, 'parked']]);
    // The prompt under way was allowed to end, and is not asked again.
    expect(workshop.asked).toEqual(['input_transform/1']);
    expect(workshop.database.events(first).at(-1)?.type).toMatch(/prompt\.saved|step\.completed/);
    expect(await workshop.database.directory.get(first)).toMatchObject({
      status: 'processing',
      claimed_by: null,
    });
    expect(await workshop.statusOf(second)).toBe('flagged');
  });

  it('claims nothing while the chat account rests, so that no claim is in vain', async () => {
    const workshop = await openTestWorkshop();
    const { dispatcher, claims } = dispatcherOf(workshop);
    const id = await add(workshop);
    const untilMs = workshop.clock.now() + 60_000;
    await workshop.shell.account.note(new ChatError('rate_limited', 'Too many.', { untilMs }));
    dispatcher.poke();
    await dispatcher.idle();
    expect(claims).toEqual([]);
    workshop.clock.advance(60_000);
    dispatcher.poke();
    await dispatcher.idle();
    expect(await workshop.statusOf(id)).toBe('archived');
  });

  it('goes on with the others when one lead cannot be worked on', async () => {
    const workshop = await openTestWorkshop();
    const [ill, well] = [await add(workshop), await add(workshop)];
    const { store } = workshop.shell;
    const dispatcher = createDispatcher(
      {
        ...workshop.shell,
        store: {
          ...store,
          release: (leadId, epoch, after) =>
            leadId === ill
              ? Promise.reject(new PlanlineError('setup', 'no right to release'))
              : store.release(leadId, epoch, after),
        },
      },
      workshop.signals,
    );
    dispatcher.poke();
    await dispatcher.idle();
    expect(await workshop.statusOf(well)).toBe('archived');
    expect(workshop.log.records).toContainEqual(
      expect.objectContaining({ level: 'error', message: matching(/ended badly/) }),
    );
    expect(dispatcher.running()).toEqual([]);
  });

  it('says how a run ended that a hand withdrew or another daemon took over', async () => {
    const workshop = await openTestWorkshop({ leadConcurrency: 2 });
    const { dispatcher, outcomes } = dispatcherOf(workshop);
    const prompts = gate(workshop);
    const withdrawn = await add(workshop);
    const lost = await add(workshop);
    dispatcher.poke();
    await expect.poll(prompts.waiting, PATIENTLY).toBe(2);
    workshop.database.edit(withdrawn, { status: 'on hold' });
    await workshop.database.store.release(lost, 1, { delayMs: 0, seenSeq: 0 });
    await workshop.database.store.claim({
      daemon: 'd2',
      leaseMs: 10 ** 9,
      running: [],
      only: lost,
    });
    prompts.open();
    await dispatcher.idle();
    expect(new Map(outcomes)).toEqual(
      new Map([
        [withdrawn, 'withdrawn'],
        [lost, 'lost'],
      ]),
    );
    // The live view is told that both are gone.
    const left = workshop.progress.filter((event) => event.kind === 'left');
    expect(new Set(left.map(({ leadId }) => leadId))).toEqual(new Set([withdrawn, lost]));
    expect(await workshop.database.directory.get(lost)).toMatchObject({ claimed_by: 'd2' });
  });
});

describe('work aside', () => {
  it('keeps the lead from being claimed meanwhile', async () => {
    const workshop = await openTestWorkshop();
    const { dispatcher, claims } = dispatcherOf(workshop);
    const id = await add(workshop);
    const over = Promise.withResolvers<void>();
    const aside = dispatcher.aside(id, () => over.promise);
    await expect.poll(() => dispatcher.running(), PATIENTLY).toEqual([id]);
    dispatcher.poke();
    await expect.poll(() => claims, PATIENTLY).toEqual([null]);
    over.resolve();
    await aside;
    // Its end is a reason to look again.
    await dispatcher.idle();
    expect(await workshop.statusOf(id)).toBe('archived');
  });

  it('is not done while the lead is run, nor while a claim may be bringing it', async () => {
    const workshop = await openTestWorkshop();
    const { dispatcher } = dispatcherOf(workshop);
    const id = await add(workshop);
    let done = 0;
    const work = async (): Promise<void> => {
      done += 1;
    };
    dispatcher.poke();
    await dispatcher.aside(id, work);
    expect(dispatcher.taken()).toBe(1);
    expect(done).toBe(0);
    await dispatcher.idle();
    await dispatcher.aside(id, work);
    expect(done).toBe(1);
  });
});
