/** Old runs are left to their zips, and only to zips that hold all of them. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findChainFault } from '../../src/core/hash-chain.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { forgetLead } from '../../src/shell/forget.ts';
import { copyLog } from '../../src/shell/left-over.ts';
import { pruneLead, type PruneDeps } from '../../src/shell/prune.ts';
import { verifyLead } from '../../src/shell/verify.ts';
import type { DatabaseWorkshopOptions } from '../support/database-workshop.ts';
import { matching } from '../support/matchers.ts';
import {
  archived,
  filesBelow,
  openRebuildWorkshop,
  type RebuildWorkshop,
} from '../support/rebuild-workshop.ts';
import { describeAsHosted, type RunningTarget } from '../support/supabase-targets.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { loseDatabase } from '../support/untold-sql.ts';

const OLD = { beforeMs: Infinity, isDryRun: false };
const LOOK = { ...OLD, isDryRun: true };

const depsOf = ({ shell }: RebuildWorkshop): PruneDeps => ({
  ...shell,
  daemon: shell.options.daemon,
});

describeAsHosted('pruning old runs', (target) => {
  let running: RunningTarget;
  beforeAll(async () => {
    running = await target.start({ migrationsDir });
  });
  afterAll(() => running.stop());

  const open = (options: Partial<DatabaseWorkshopOptions> = {}) =>
    openRebuildWorkshop(running, options);

  /** A lead with two archived runs; ids of the older and the newer. */
  async function twoRuns(workshop: RebuildWorkshop) {
    const id = await archived(workshop);
    await running.sql(
      `update public.junior_leads set description = description || ' More.', status = 'flagged' where id::text = $1`,
      [id],
    );
    await workshop.work(id);
    const [older = '', newer = ''] = await workshop.filesOf(id).runIds();
    return { id, older, newer };
  }

  const artifactsOf = async (id: string) => {
    const rows = await running.sql(
      'select run_id, path from public.pipeline_artifacts where lead_id = $1 order by 1, 2',
      [id],
    );
    return rows.map((row) => `${String(row['run_id'])}/${String(row['path'])}`);
  };

  const verified = (workshop: RebuildWorkshop, id: string, daemon = 'd1') =>
    verifyLead(id, { ...workshop.ports, daemon });

  it('takes folder and texts of a run that a later one has replaced, and says so', async () => {
    const workshop = await open();
    const { id, older, newer } = await twoRuns(workshop);
    const before = await filesBelow(workshop.runsDir);
    const { runs: looked } = await pruneLead(id, depsOf(workshop), LOOK);
    expect(looked).toMatchObject([{ runId: older, refusal: null, artifacts: null }]);
    expect([...(await filesBelow(workshop.runsDir)).keys()]).toEqual([...before.keys()]);

    const { runs, inUse } = await pruneLead(id, depsOf(workshop), OLD);
    const [pruned, ...others] = runs;
    expect(inUse).toBe(1);
    expect(others).toEqual([]);
    expect(pruned).toMatchObject({
      runId: older,
      refusal: null,
      folderBytes: looked[0]?.folderBytes,
    });
    expect(pruned?.artifacts).toBeGreaterThan(10);
    expect(await readdir(join(workshop.runsDir, id))).toEqual(
      [newer, `${newer}.zip`, `${older}.zip`, 'events.jsonl', 'run_summary.json'].toSorted(),
    );
    const left = (await artifactsOf(id)).filter((name) => name.startsWith(older));
    expect(left).toEqual([`${older}/archive.json`]);

    const events = await workshop.shell.store.read(id, 0);
    expect(findChainFault(events)).toBeNull();
    expect(events.at(-1)).toMatchObject({ type: 'run.pruned', run_id: older, actor: 'd1' });
    expect(await verified(workshop, id)).toMatchObject({ problems: [], notes: [] });
    expect(await pruneLead(id, depsOf(workshop), OLD)).toEqual({ runs: [], inUse: 1 });
  });

  it('keeps the newest run, the one whose pages are up, and what is not old', async () => {
    const workshop = await open();
    const { id, newer } = await twoRuns(workshop);
    const young = await pruneLead(id, depsOf(workshop), { ...OLD, beforeMs: 0 });
    expect(young).toEqual({ runs: [], inUse: 0 });
    await running.sql(
      `update public.junior_leads set description = 'I want to be a gardener and plant trees in parks.', status = 'flagged' where id::text = $1`,
      [id],
    );
    workshop.failing.add('plan/1');
    expect(await workshop.work(id)).toEqual({ kind: 'blocked' });
    // The newest never came to its end; the one before it has its pages up.
    const { runs: pruned, inUse } = await pruneLead(id, depsOf(workshop), OLD);
    expect(inUse).toBe(1);
    expect(pruned.map(({ runId }) => runId)).not.toContain(newer);
    expect(pruned).toHaveLength(1);
    // The database sees to it as well.
    const order = { leadId: id, actor: 'd1', zipSha256: '0'.repeat(64), sums: [] };
    await expect(workshop.shell.retention.prune({ ...order, runId: newer })).rejects.toMatchObject({
      code: 'usage',
      message: matching(/its pages are up/),
    });
    const [, , last = ''] = await workshop.filesOf(id).runIds();
    await expect(workshop.shell.retention.prune({ ...order, runId: last })).rejects.toMatchObject({
      message: matching(/is not archived/),
    });
  });

  it.each([
    {
      what: 'cut',
      spoil: (zip: string) => readFile(zip).then((bytes) => writeFile(zip, bytes.subarray(0, 900))),
      why: /cannot be read as a zip/,
    },
    {
      what: 'another one',
      spoil: async (zip: string, other: string) => writeFile(zip, await readFile(other)),
      why: /is not the zip that was recorded/,
    },
  ])('leaves a run alone whose zip is $what', async ({ spoil, why }) => {
    const workshop = await open();
    const { id, older, newer } = await twoRuns(workshop);
    const folder = join(workshop.runsDir, id);
    await spoil(join(folder, `${older}.zip`), join(folder, `${newer}.zip`));
    const files = [...(await filesBelow(workshop.runsDir)).keys()];
    const artifacts = await artifactsOf(id);
    expect(await pruneLead(id, depsOf(workshop), OLD)).toMatchObject({
      runs: [{ runId: older, refusal: matching(why) }],
    });
    expect([...(await filesBelow(workshop.runsDir)).keys()]).toEqual(files);
    expect(await artifactsOf(id)).toEqual(artifacts);
  });

  it.each([
    { what: 'was added to', path: 'notes.txt', why: /holds notes\.txt, which its zip does not/ },
    { what: 'was changed', path: 'plan/plan.txt', why: /was written or changed after/ },
  ])('leaves a run alone whose folder $what since', async ({ path, why }) => {
    const workshop = await open();
    const { id, older } = await twoRuns(workshop);
    await writeFile(join(workshop.runsDir, id, older, path), 'by hand');
    const artifacts = await artifactsOf(id);
    expect(await pruneLead(id, depsOf(workshop), OLD)).toMatchObject({
      runs: [{ runId: older, refusal: matching(why) }],
    });
    expect(await readFile(join(workshop.runsDir, id, older, path), 'utf8')).toBe('by hand');
    expect(await artifactsOf(id)).toEqual(artifacts);
  });

  it('is finished by a second call when it was killed before the database was told', async () => {
    const workshop = await open();
    const { id, older } = await twoRuns(workshop);
    const retention = { prune: () => Promise.reject(new Error('killed')) };
    const cut = { ...depsOf(workshop), retention };
    await expect(pruneLead(id, cut, OLD)).rejects.toThrow('killed');
    expect(await verified(workshop, id)).toMatchObject({ problems: [] });
    expect(await pruneLead(id, depsOf(workshop), OLD)).toMatchObject({
      runs: [{ runId: older, refusal: null, folderBytes: 0 }],
    });
    expect(await verified(workshop, id)).toMatchObject({ problems: [], notes: [] });
  });

  it('is a loss once the zip is gone, where the zip was', async () => {
    const workshop = await open({ coldStorageDir: join(await tempFolder(), 'cold') });
    const { id, older } = await twoRuns(workshop);
    await pruneLead(id, depsOf(workshop), OLD);
    expect(await verified(workshop, id)).toMatchObject({ problems: [], notes: [] });
    const zip = await workshop.filesOf(id).run(older).readZip();
    await workshop
      .filesOf(id)
      .run(older)
      .removeZip({ path: zip?.path ?? '', sha256: zip?.sha256 ?? '' });
    const told = matching(new RegExp(`^run ${older} was pruned, and its zip is not on this disk`));
    expect(await verified(workshop, id)).toMatchObject({ problems: [told] });
    expect(await verified(workshop, id, 'd2')).toMatchObject({ problems: [], notes: [told] });
  });

  it('is not undone by rebuilding either side, and a person is forgotten all the same', async () => {
    const coldStorageDir = join(await tempFolder(), 'cold');
    const workshop = await open({ coldStorageDir });
    const { id, older } = await twoRuns(workshop);
    await pruneLead(id, depsOf(workshop), OLD);
    await workshop.loseDisk();
    expect((await workshop.toDisk(id)).problems).toEqual([]);
    expect(await readdir(join(workshop.runsDir, id))).not.toContain(older);
    expect(await verified(workshop, id)).toMatchObject({ problems: [] });
    await loseDatabase(running);
    expect((await workshop.toDatabase(id)).problems).toEqual([]);
    const texts = (await artifactsOf(id)).filter((name) => name.startsWith(older));
    expect(texts.filter((name) => !name.endsWith('archive.json'))).toEqual([]);

    const { shell } = workshop;
    const copy = (leadId: string) => copyLog(shell, leadId);
    await forgetLead({ ...shell, daemon: 'd1', copyLog: copy }, id, 'hand:test');
    expect(await readdir(coldStorageDir)).toEqual([]);
    expect(await verified(workshop, id)).toMatchObject({
      status: 'erased',
      problems: [],
      notes: [],
    });
  });
});
