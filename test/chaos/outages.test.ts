import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { STEPS } from '../../src/core/lifecycle.ts';
import { extent, isWhole } from '../support/extent.ts';
import { quietSweep, untilArchived } from '../support/chaos/kill.ts';
import { leadRecord } from '../support/chaos/records.ts';
import { chaosTarget, openSite, type Site } from '../support/chaos/site.ts';
import { problemsOf } from '../support/chaos/verdict.ts';
import { describeWhere } from '../support/describe-where.ts';
import type { GatewayCall, Rule, Treatment } from '../support/gateway.ts';
import { start, type Place, type RunningPlanline } from '../support/planline.ts';

const AWAY_MS = extent(6_000, 60_000);

async function site(): Promise<Site> {
  const opened = await openSite();
  onTestFinished(() => opened.stop());
  return opened;
}

function daemonOn(place: Place): RunningPlanline {
  const daemon = start(place, 'daemon');
  onTestFinished(async () => void (await daemon.kill('SIGKILL')));
  return daemon;
}

async function until(isSo: () => boolean | Promise<boolean>, limitMs = 120_000): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > deadlineMs) throw new Error('what was waited for did not come');
    await sleep(50);
  }
}

const isAppend = ({ path }: GatewayCall): boolean => path.endsWith('/rpc/planline_append');
const leadOf = ({ body }: GatewayCall): string => /"p_lead_id":"([^"]+)"/.exec(body)?.[1] ?? '';

/** Where in its step each lead stands when the database goes away: by what it is about to append. */
const PLACES: readonly (readonly [name: string, marks: readonly string[]])[] = [
  ['begin', ['"type":"run.started"']],
  ['a prompt about to be sent', ['"type":"prompt.send_intended"', '"step":"input_transform"']],
  ['a prompt that was sent', ['"type":"prompt.sent"', '"step":"plan"']],
  ['an answer on disk', ['"type":"prompt.answered"', '"step":"stage2"']],
  ['a second answer on disk', ['"type":"prompt.answered"', '"step":"stage3"']],
  ...STEPS.map((step): [string, string[]] => [
    `the end of ${step}`,
    ['"type":"step.completed"', `"step":"${step}"`],
  ]),
];

const RESET: Treatment = { as: 'reset', passOn: false };

/** Besides all else: nobody was there to take the leads over, and nobody had to give them back. */
async function disturbances(
  at: Site,
  machine: Place,
  leadIds: readonly string[],
): Promise<string[]> {
  const problems = [...(await quietSweep(machine)), ...(await problemsOf(at, machine, leadIds))];
  for (const id of leadIds) {
    const { events } = await leadRecord(at.database.sql, id);
    const claims = events.filter(({ type }) => type === 'lead.claimed').length;
    if (claims !== 1) problems.push(`${id} was claimed ${claims} times`);
  }
  return problems;
}

describeWhere(chaosTarget().available(), 'an outage of the database', () => {
  it('in the middle of each step is waited out, and spends no attempt', async () => {
    const at = await site();
    const concurrency = String(PLACES.length);
    const machine = await at.machine({ LEAD_CONCURRENCY: concurrency }, { behindGateway: true });
    const leads: string[] = [];
    for (const _ of PLACES) leads.push(await at.addLead());
    const stuck = new Set<string>();
    const untilStuck: Rule = (call) => {
      const lead = leadOf(call);
      const [, marks] = PLACES[leads.indexOf(lead)] ?? ['', []];
      if (!isAppend(call) || !marks.every((mark) => call.body.includes(mark))) return null;
      stuck.add(lead);
      return RESET;
    };
    at.gateway.meet(untilStuck);
    const daemon = daemonOn(machine);
    await until(() => stuck.size === PLACES.length);
    const asked = at.chat.requests().length;

    at.gateway.meet(() => RESET);
    await sleep(AWAY_MS);
    // Nobody was asked anything that could not be noted down first.
    expect(at.chat.requests()).toHaveLength(asked);
    at.gateway.meet(null);
    await untilArchived(at, daemon, leads);
    expect((await daemon.kill('SIGTERM')).code).toBe(0);
    expect(daemon.stdout()).toMatch(/Waiting for the database/);
    expect(await disturbances(at, machine, leads)).toEqual([]);
  });

  it('is over for the daemon as soon as PostgreSQL is back', async () => {
    const at = await site();
    const { outage } = at.database;
    if (outage === null) throw new Error('this database cannot be taken down');
    const machine = await at.machine({ LEAD_CONCURRENCY: '3', BLOCK_COUNT: '1' });
    at.chat.setDelays({ delayMs: 300 });
    const leads = [await at.addLead(), await at.addLead(), await at.addLead()];
    const daemon = daemonOn(machine);
    await daemon.until(/planning/);
    await outage.begin();
    // A flag cannot be set meanwhile; what is under way is answered and kept.
    await sleep(AWAY_MS / 2);
    await outage.end();
    await untilArchived(at, daemon, leads);
    const late = await at.addLead();
    await untilArchived(at, daemon, [late]);
    await daemon.kill('SIGTERM');
    expect(await disturbances(at, machine, [...leads, late])).toEqual([]);
  });

  it('as errors, slowness and answers cut in the middle repeats no append', async () => {
    const at = await site();
    const machine = await at.machine({ LEAD_CONCURRENCY: '3' }, { behindGateway: true });
    const seed = Number(process.env['PLANLINE_CHAOS_SEED'] ?? Date.now() % 1_000_000);
    console.log(`PLANLINE_CHAOS_SEED=${seed}`);
    const faults = fc.sample(fc.nat({ max: 99 }), { seed, numRuns: 20_000 });
    const met = new Map<string, number>();
    let calls = 0;
    const treatments: readonly (readonly [string, () => Treatment])[] = [
      ['500 before', () => ({ as: 'answer', status: 500, body: '{}', passOn: false })],
      ['500 after', () => ({ as: 'answer', status: 500, body: '{}', passOn: true })],
      ['503 before', () => ({ as: 'answer', status: 503, body: '<html>', passOn: false })],
      ['503 after', () => ({ as: 'answer', status: 503, body: '<html>', passOn: true })],
      ['reset before', () => ({ as: 'reset', passOn: false })],
      ['reset after', () => ({ as: 'reset', passOn: true })],
      ['cut', () => ({ as: 'cut' })],
      ['slow', () => ({ as: 'slow', hold: 'answer', until: sleep(300) })],
    ];
    at.gateway.meet((call) => {
      if (!/\/rpc\/planline_(append|claim|renew|release)$/.test(call.path)) return null;
      const fault = faults[calls] ?? 99;
      calls += 1;
      const [name, treatment] = treatments[fault % treatments.length] ?? [];
      // Almost half of all calls: each of them is made again until it is answered.
      if (fault >= 40 || name === undefined || treatment === undefined) return null;
      met.set(name, (met.get(name) ?? 0) + 1);
      return treatment();
    });
    const leads: string[] = [];
    for (let n = 0; n < extent(3, 12); n += 1) leads.push(await at.addLead());
    const daemon = daemonOn(machine);
    await untilArchived(at, daemon, leads);
    at.gateway.meet(null);
    await daemon.kill('SIGTERM');
    expect([...met.keys()].toSorted()).toEqual(treatments.map(([name]) => name).toSorted());
    expect(await quietSweep(machine)).toEqual([]);
    expect(await problemsOf(at, machine, leads)).toEqual([]);
  });

  it('that is none, but a refusal of its own, blocks that lead alone', async () => {
    const at = await site();
    const machine = await at.machine({ MAX_RETRIES: '1' });
    const [ill, well] = [await at.addLead(), await at.addLead()];
    await at.database.sql(`
      create function public.no_pages() returns trigger language plpgsql as $$
      begin
        if new.client_id::text = '${ill}' then raise 'broken' using errcode = 'XX000'; end if;
        return new;
      end $$`);
    await at.database.sql(
      `create trigger no_pages before insert on public.client_learning_pages
         for each row execute function public.no_pages()`,
    );
    const daemon = daemonOn(machine);
    await untilArchived(at, daemon, [well]);
    await daemon.until(/blocked: upload: /);
    expect(daemon.stdout()).toMatch(/XX000/);
    expect((await leadRecord(at.database.sql, ill)).status).toBe('blocked');
    await at.database.sql('drop trigger no_pages on public.client_learning_pages');
    await at.database.sql(`update public.junior_leads set status = 'flagged' where id::text = $1`, [
      ill,
    ]);
    await untilArchived(at, daemon, [ill]);
    await daemon.kill('SIGTERM');
    expect(await quietSweep(machine)).toEqual([]);
    expect(await problemsOf(at, machine, [well])).toEqual([]);
  });

  it.runIf(isWhole)('that strikes one lead only leaves the others their turn', async () => {
    const at = await site();
    const machine = await at.machine({ LEAD_CONCURRENCY: '1' }, { behindGateway: true });
    const ill = await at.addLead();
    let refusals = 0;
    at.gateway.meet((call) => {
      if (!isAppend(call) || leadOf(call) !== ill) return null;
      refusals += 1;
      return { as: 'answer', status: 500, body: '', passOn: false };
    });
    const daemon = daemonOn(machine);
    await until(() => refusals > 0);
    const well = await at.addLead();
    await untilArchived(at, daemon, [well]);
    expect((await leadRecord(at.database.sql, ill)).status).toBe('flagged');
    at.gateway.meet(null);
    await at.callBack([ill]);
    await untilArchived(at, daemon, [ill]);
    await daemon.kill('SIGTERM');
    expect(await quietSweep(machine)).toEqual([]);
    expect(await problemsOf(at, machine, [well, ill])).toEqual([]);
  });

  it.runIf(isWhole)(
    'in which calls hang is given up, and the late ones change nothing',
    async () => {
      const at = await site();
      const machine = await at.machine({}, { behindGateway: true });
      const lead = await at.addLead();
      const back = Promise.withResolvers<void>();
      let hanging = 0;
      at.gateway.meet((call) => {
        if (!isAppend(call) || !call.body.includes('"step":"stage2"')) return null;
        hanging += 1;
        return { as: 'slow', hold: 'request', until: back.promise };
      });
      const daemon = daemonOn(machine);
      // The first try is given up after a minute; the second one hangs as well.
      await until(() => hanging >= 2);
      at.gateway.meet(null);
      back.resolve();
      await untilArchived(at, daemon, [lead]);
      await daemon.kill('SIGTERM');
      expect(await disturbances(at, machine, [lead])).toEqual([]);
    },
  );
});
