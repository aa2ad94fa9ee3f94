import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { daemonId } from '../../src/adapters/disk/daemon-id.ts';
import { extent } from '../support/extent.ts';
import { quietSweep, untilArchived } from '../support/chaos/kill.ts';
import { leadRecord, unfinished } from '../support/chaos/records.ts';
import { chaosTarget, openSite, type Site } from '../support/chaos/site.ts';
import { problemsOf, UNDISTURBED } from '../support/chaos/verdict.ts';
import { describeWhere } from '../support/describe-where.ts';
import { start, type Place } from '../support/planline.ts';

const KILLS = extent(8, 500);
/** Leads that there is always something to do for. */
const LEADS_AHEAD = 4;

interface Life {
  /** A life in nine ends before the daemon is ready: locks, names and connections are half made. */
  readonly from: 'start' | 'ready';
  readonly afterMs: number;
}

const life: fc.Arbitrary<Life> = fc.record({
  from: fc.oneof(
    { weight: 1, arbitrary: fc.constant<'start'>('start') },
    { weight: 8, arbitrary: fc.constant<'ready'>('ready') },
  ),
  afterMs: fc.nat({ max: 900 }),
});

/** A daemon that is killed without warning, as the schedule says. */
async function live(machine: Place, { from, afterMs }: Life): Promise<void> {
  const daemon = start(machine, 'daemon');
  if (from === 'ready') await daemon.until(/Waiting for leads/);
  await sleep(afterMs);
  await daemon.kill('SIGKILL');
  expect(daemon.child.signalCode).toBe('SIGKILL');
}

/** Keeps so many leads unfinished, so that each life has work under way. */
async function topUp(site: Site, leads: string[]): Promise<void> {
  const open = await unfinished(site.database.sql, leads);
  for (let n = open.length; n < LEADS_AHEAD; n += 1) leads.push(await site.addLead());
}

/** Who wrote the end of each run: its disk has the whole of it. */
async function finishers(site: Site, leads: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const id of leads) {
    const { events } = await leadRecord(site.database.sql, id);
    found.set(id, events.find(({ status_to: to }) => to === 'archived')?.actor ?? '');
  }
  return found;
}

describeWhere(chaosTarget().available(), `${KILLS} random kills over a stream of leads`, () => {
  it('lose nothing and repeat nothing', async () => {
    const seed = Number(process.env['PLANLINE_CHAOS_SEED'] ?? Date.now() % 1_000_000);
    const lives = fc.sample(life, { seed, numRuns: KILLS });
    const told = lives.map(({ from, afterMs }) => `${from}+${afterMs}`).join(' ');
    console.log(`PLANLINE_CHAOS_SEED=${seed}\n${told}`);
    const site = await openSite();
    onTestFinished(() => site.stop());
    site.chat.setDelays({ delayMs: 30, chunkDelayMs: 2 });
    const machines = [await site.machine(), await site.machine()];
    const leads: string[] = [];
    const startedMs = performance.now();
    // Two machines, each killed and started again by itself: they take over from one another too.
    const lane = async (machine: Place): Promise<void> => {
      for (let next = lives.shift(); next !== undefined; next = lives.shift()) {
        await topUp(site, leads);
        await live(machine, next);
      }
    };
    await Promise.all(machines.map(lane));
    const seconds = Math.round((performance.now() - startedMs) / 1_000);

    site.chat.setDelays({ delayMs: 0, chunkDelayMs: 0 });
    const daemons = machines.map((machine) => start(machine, 'daemon'));
    const [first] = daemons;
    if (first === undefined) throw new Error('there is no daemon');
    await untilArchived(site, first, leads);
    for (const daemon of daemons) await daemon.kill('SIGTERM');
    // A message that was being sent when its daemon died is tried again after minutes: not here.
    await site.callBack(leads);
    const ends = await finishers(site, leads);
    let finished = 0;
    for (const machine of machines) {
      expect(await quietSweep(machine)).toEqual([]);
    }
    for (const machine of machines) {
      const name = await daemonId(join(machine.cwd, '.planline'));
      const mine = leads.filter((id) => ends.get(id) === name);
      finished += mine.length;
      const allowed = { ...UNDISTURBED, askedAgain: true, toldAgain: true, zipsAside: true };
      expect(await problemsOf(site, machine, mine, allowed)).toEqual([]);
    }
    expect(finished).toBe(leads.length);
    console.log(`${KILLS} kills, ${leads.length} leads, ${seconds} s`);
  });
});
