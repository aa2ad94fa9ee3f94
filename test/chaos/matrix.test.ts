import { mkdir, writeFile } from 'node:fs/promises';
import { arch, cpus, release } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allCells, uncovered, type Cell } from '../support/chaos/cells.ts';
import { tracesOf } from '../support/chaos/traces.ts';
import { batchesOf, chainsOf, type Chain } from '../support/chaos/chains.ts';
import {
  describeCell,
  runBatch,
  unannounced,
  type CellResult,
  type Recovery,
} from '../support/chaos/matrix.ts';
import { extent, isWhole } from '../support/extent.ts';
import { LAST_CELLS, ONE_EACH_CELLS, TAKEOVER_CELLS } from '../support/chaos/quick.ts';
import { openSite, chaosTarget, type Site } from '../support/chaos/site.ts';
import { json, markdown } from '../support/chaos/table.ts';
import { describeWhere } from '../support/describe-where.ts';

/** Leads of a batch. */
const BATCH = 12;
/** More than there are cores: while one waits for a lease to run out, or tells, others kill. */
const LANES = extent(2, 4);
const DOCS = join(import.meta.dirname, '../../docs');

interface Work {
  readonly chains: readonly Chain[];
  readonly recovery: Recovery;
}

/** Each site takes batches until there are none. */
async function runAll(sites: readonly Site[], work: readonly Work[]): Promise<CellResult[]> {
  const queue = [...work];
  const results: CellResult[] = [];
  const lane = async (site: Site): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const found = await runBatch(site, next.chains, next.recovery);
      results.push(...found);
      for (const one of found) {
        if (one.problems.length > 0) console.log(describeCell(one), one.problems);
      }
      console.log(`${results.length} kills done, ${queue.length} batches to go`);
    }
  };
  await Promise.all(sites.map(lane));
  return results;
}

function workOf(recovery: Recovery, cells: readonly Cell[]): Work[] {
  return batchesOf(chainsOf(cells), BATCH).map((chains) => ({ chains, recovery }));
}

function quickWork(): Work[] {
  return [
    ...workOf('same', [...ONE_EACH_CELLS, ...LAST_CELLS]),
    ...workOf('other', TAKEOVER_CELLS),
  ];
}

async function wholeWork(site: Site): Promise<Work[]> {
  const cells = allCells(await tracesOf(site));
  expect(uncovered(cells)).toEqual([]);
  return [...workOf('same', cells), ...workOf('other', cells)];
}

async function write(results: readonly CellResult[], seconds: number): Promise<void> {
  const facts = {
    Linux: `${release()} (${arch()}, ${cpus().length} cores)`,
    Node: process.version,
    database: chaosTarget().name,
  };
  const report = { results, seconds, facts };
  await mkdir(DOCS, { recursive: true });
  const table = markdown(report);
  console.log(table);
  await writeFile(join(DOCS, 'chaos.md'), table);
  await writeFile(join(DOCS, 'chaos.json'), json(report));
}

describeWhere(chaosTarget().available(), 'the crash matrix', () => {
  it('loses nothing and repeats nothing, wherever a daemon is killed', async () => {
    const startedMs = performance.now();
    const sites: Site[] = [];
    try {
      while (sites.length < LANES) sites.push(await openSite());
      const [first] = sites;
      if (first === undefined) throw new Error('there is no site');
      const work = isWhole ? await wholeWork(first) : quickWork();
      const results = await runAll(sites, work);
      if (isWhole) await write(results, (performance.now() - startedMs) / 1_000);
      const red = results.filter(({ problems }) => problems.length > 0);
      expect(red.map((one) => `${describeCell(one)}: ${one.problems.join('; ')}`)).toEqual([]);
      expect(results).toHaveLength(work.flatMap(({ chains }) => chains.flat()).length);
      for (const site of sites) expect(await unannounced(site)).toEqual([]);
    } finally {
      for (const site of sites) await site.stop();
    }
  });
});
