/** docs/grafana.json asks for series that the daemon has, by labels that they have. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createMetrics } from '../../../src/adapters/metrics/metrics.ts';

const dashboard = z.object({
  panels: z.array(
    z.object({
      id: z.int(),
      title: z.string(),
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.object({ expr: z.string() })).min(1),
    }),
  ),
});

const PATH = join(import.meta.dirname, '../../../docs/grafana.json');
const SUFFIX = /_(bucket|sum|count)$/;

async function panels() {
  return dashboard.parse(JSON.parse(await readFile(PATH, 'utf8'))).panels;
}

/** Names of series in an expression, of histograms without their ending. */
function seriesOf(expr: string, known: ReadonlySet<string>): string[] {
  const names = expr.match(/\b(planline|process|nodejs)_[a-z0-9_]+/g) ?? [];
  return names.map((name) => (known.has(name) ? name : name.replace(SUFFIX, '')));
}

it('every panel shows series that are there, and every series of planline is shown', async () => {
  const { text } = await createMetrics().text(null);
  const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
  const shown = new Set<string>();
  for (const { title, targets } of await panels()) {
    for (const { expr } of targets) {
      const names = seriesOf(expr, known);
      expect(names, `${title}: ${expr}`).not.toEqual([]);
      for (const name of names) {
        expect([...known], `${title}: ${expr}`).toContain(name);
        shown.add(name);
      }
    }
  }
  const ours = [...known].filter((name) => name.startsWith('planline_'));
  expect(ours.filter((name) => !shown.has(name))).toEqual([]);
});

it('no panel lies on another', async () => {
  const taken = new Map<string, string>();
  for (const { title, gridPos } of await panels()) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(taken.get(`${x}/${y}`), `${title} at ${x}/${y}`).toBeUndefined();
        taken.set(`${x}/${y}`, title);
      }
    }
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  }
});
