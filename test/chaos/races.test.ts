import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { expect, it, onTestFinished } from 'vitest';
import { STEPS } from '../../src/core/lifecycle.ts';
import { daemonId } from '../../src/adapters/disk/daemon-id.ts';
import { extent } from '../support/extent.ts';
import { crashAt, quietSweep, untilArchived } from '../support/chaos/kill.ts';
import { leadRecord } from '../support/chaos/records.ts';
import { chaosTarget, openSite, type Site } from '../support/chaos/site.ts';
import { problemsOf, verifyProblems } from '../support/chaos/verdict.ts';
import { describeWhere } from '../support/describe-where.ts';
import type { GatewayCall } from '../support/gateway.ts';
import { start, type Place, type RunningPlanline } from '../support/planline.ts';

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

async function until(isSo: () => boolean, limitMs = 120_000): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() > deadlineMs) throw new Error('what was waited for did not come');
    await sleep(50);
  }
}

const nameOf = ({ cwd }: Place): Promise<string> => daemonId(join(cwd, '.planline'));
const leadOf = ({ body }: GatewayCall): string => /"p_lead_id":"([^"]+)"/.exec(body)?.[1] ?? '';

/** The append at which a lead's first daemon freezes: the start of its run, or the end of a step. */
const MARKS = ['"type":"run.started"', ...STEPS.map((step) => `"step":"${step}"`)];

describeWhere(chaosTarget().available(), 'a daemon that was frozen past its lease', () => {
  it('has every append refused, gives those runs up and goes on with others', async () => {
    const at = await site();
    const frozen = await at.machine(
      { LEAD_CONCURRENCY: String(MARKS.length) },
      { behindGateway: true },
    );
    const other = await at.machine({ LEAD_CONCURRENCY: '4' });
    const leads: string[] = [];
    for (const _ of MARKS) leads.push(await at.addLead());
    const thaw = Promise.withResolvers<void>();
    const held = new Set<string>();
    at.gateway.meet((call) => {
      const lead = leadOf(call);
      const mark = MARKS[leads.indexOf(lead)];
      if (!call.path.endsWith('/rpc/planline_append') || mark === undefined) return null;
      if (!call.body.includes(mark)) return null;
      held.add(lead);
      // On its way when its sender freezes: it arrives when another daemon has long done the work.
      return { as: 'slow', hold: 'request', until: thaw.promise };
    });
    const zombie = daemonOn(frozen);
    await until(() => held.size === leads.length);
    zombie.child.kill('SIGSTOP');

    const heir = daemonOn(other);
    await untilArchived(at, heir, leads);
    const before = await Promise.all(leads.map((id) => leadRecord(at.database.sql, id)));
    thaw.resolve();
    zombie.child.kill('SIGCONT');
    for (const id of leads) {
      await zombie.until(new RegExp(`${id.slice(0, 8)}.*another daemon took it over`));
    }
    const after = await Promise.all(leads.map((id) => leadRecord(at.database.sql, id)));
    const zombieName = await nameOf(frozen);
    for (const [index, record] of after.entries()) {
      const taken = record.events.findIndex(
        ({ type, actor }) => type === 'lead.claimed' && actor !== zombieName,
      );
      expect(taken).toBeGreaterThan(0);
      const late = record.events.slice(taken).filter(({ actor }) => actor === zombieName);
      expect(late).toEqual([]);
      expect(record.pages).toEqual(before[index]?.pages);
    }
    await heir.kill('SIGTERM');
    at.gateway.meet(null);
    const next = await at.addLead();
    await untilArchived(at, zombie, [next]);
    expect((await zombie.kill('SIGTERM')).code).toBe(0);
    expect(await quietSweep(other)).toEqual([]);
    expect(await problemsOf(at, other, leads)).toEqual([]);
    expect(await problemsOf(at, frozen, [next])).toEqual([]);
    // What it has of those that it lost is behind, and not wrong.
    const lost = await verifyProblems(frozen, leads);
    expect([...lost.values()].flat()).toEqual([]);
  });
});

describeWhere(
  chaosTarget().available(),
  'a lead that comes back to the machine that began it',
  () => {
    it('is archived with what both wrote of it', async () => {
      const at = await site();
      const [first, second] = [await at.machine(), await at.machine()];
      const lead = await at.addLead();
      await crashAt(first, 'daemon', { point: 'file_written', phase: 'clean', nth: 1 });
      // Its zip lacks the logs of the steps that were done before it came.
      await crashAt(second, 'daemon', { point: 'summary_written', phase: 'notify', nth: 1 });
      const daemon = daemonOn(first);
      await untilArchived(at, daemon, [lead]);
      await daemon.kill('SIGTERM');
      expect(await quietSweep(first)).toEqual([]);
      expect(await problemsOf(at, first, [lead])).toEqual([]);
      const [zip] = await readdir(join(second.cwd, 'cold', lead));
      expect(zip).toMatch(/^\d{8}_\d{6}\.zip$/);
    });
  },
);

describeWhere(chaosTarget().available(), 'two daemons that claim the same lead at once', () => {
  it('never both get it', async () => {
    const at = await site();
    // Long leases: that one runs out is another test.
    const env = { LEASE_SECONDS: '120' };
    const machines = [await at.machine(env, { behindGateway: true })];
    machines.push(await at.machine(env, { behindGateway: true }));
    let waiting: (() => void)[] = [];
    let meetings = 0;
    // A claim is held until the other daemon's is there too, then both go in the same instant.
    at.gateway.meet((call) => {
      if (!call.path.endsWith('/rpc/planline_claim')) return null;
      const both = new Promise<void>((resolve) => {
        waiting.push(resolve);
        setTimeout(resolve, 2_000);
      });
      if (waiting.length === 2) {
        meetings += 1;
        for (const go of waiting) go();
        waiting = [];
      }
      return { as: 'slow', hold: 'request', until: both };
    });
    const daemons = machines.map(daemonOn);
    const [first] = daemons;
    if (first === undefined) throw new Error('there is no daemon');
    const leads: string[] = [];
    for (let round = 0; round < extent(3, 30); round += 1) {
      const id = await at.addLead();
      leads.push(id);
      await untilArchived(at, first, [id]);
    }
    expect(meetings).toBeGreaterThanOrEqual(leads.length);
    at.gateway.meet(null);
    for (const daemon of daemons) await daemon.kill('SIGTERM');
    const takers = new Set<string>();
    for (const id of leads) {
      const { events } = await leadRecord(at.database.sql, id);
      const claims = events.filter(({ type }) => type === 'lead.claimed');
      expect(claims).toHaveLength(1);
      for (const { actor } of claims) takers.add(actor);
    }
    console.log(`${leads.length} leads, ${meetings} claims at once, ${takers.size} takers`);
  });
});

const claimRow = z.object({ lead_id: z.string(), actor: z.string() });
const COUNT = extent(24, 1_000);
const EACH = 6;
const DAEMONS = 4;

describeWhere(chaosTarget().available(), `four daemons and ${COUNT} leads`, () => {
  it('process each lead once and starve none', async () => {
    const at = await site();
    const rows = await at.database.sql(
      `insert into public.junior_leads (description, status)
       select 'I am ' || n || ' and I have cooked in restaurants for years. I want to learn to code.',
              'flagged' from generate_series(1, $1) n returning id::text as id`,
      [COUNT],
    );
    const leads = z
      .array(z.object({ id: z.string() }))
      .parse(rows)
      .map(({ id }) => id);
    const env = {
      CHAT_DRIVER: 'rehearsal',
      SLACK_WEBHOOK_URL: '',
      LEASE_SECONDS: '120',
      LEAD_CONCURRENCY: String(EACH),
    };
    const machines: Place[] = [];
    for (let n = 0; n < DAEMONS; n += 1) machines.push(await at.machine(env));
    const startedMs = performance.now();
    const daemons = machines.map(daemonOn);
    const [first] = daemons;
    if (first === undefined) throw new Error('there is no daemon');
    await untilArchived(at, first, leads, 30 * 60_000);
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    for (const daemon of daemons) expect((await daemon.kill('SIGTERM')).code).toBe(0);

    const claimed = z.array(claimRow).parse(
      await at.database.sql(
        `select lead_id, actor from public.pipeline_events where type = 'lead.claimed'
          order by position`,
      ),
    );
    // Once each: nobody took over what another was at.
    expect(claimed.map(({ lead_id: id }) => id).toSorted()).toEqual(leads.toSorted());
    const shares = [...Map.groupBy(claimed, ({ actor }) => actor).values()].map(
      (all) => all.length,
    );
    console.log(`${COUNT} leads in ${seconds} s, by daemon: ${shares.join(', ')}`);
    expect(shares).toHaveLength(DAEMONS);

    // First flagged, first taken: nobody waits behind more leads than can be on their way at once.
    const flagged = z
      .array(z.object({ lead_id: z.string() }))
      .parse(
        await at.database.sql(
          `select lead_id from public.pipeline_events where type = 'lead.flagged' order by position`,
        ),
      );
    const placeOf = new Map(flagged.map(({ lead_id: id }, place) => [id, place]));
    const late = claimed.map(({ lead_id: id }, place) => place - (placeOf.get(id) ?? 0));
    expect(Math.max(...late)).toBeLessThanOrEqual(2 * DAEMONS * EACH);

    const counts = await at.database.sql(
      `select type, count(*)::int as count from public.pipeline_events
        where type in ('run.started', 'prompt.saved', 'step.completed', 'attempt.failed')
        group by type order by type`,
    );
    expect(counts).toEqual([
      { type: 'prompt.saved', count: 4 * COUNT },
      { type: 'run.started', count: COUNT },
      { type: 'step.completed', count: STEPS.length * COUNT },
    ]);
    const pages = await at.database.sql(
      'select count(*)::int as pages from public.client_learning_pages',
    );
    expect(pages).toEqual([{ pages: COUNT }]);
  });
});
