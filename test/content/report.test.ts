import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { measureReplies, measureVectors } from './support/measure.ts';
import { fuzzReports, fuzzTable, gateTable, repliesTable, vectorsTable } from './support/report.ts';

const docs = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const REPORT = docs('content.md');
const fuzz = fuzzReports.parse(JSON.parse(docs('content-fuzz.json')));

const RUN_AGAIN = 'docs/content.md is out of date: run node scripts/content-report.ts';

describe('docs/content.md', () => {
  it('tells what is read out of replies today', () => {
    const counts = measureReplies();
    expect(REPORT, RUN_AGAIN).toContain(repliesTable(counts));
    for (const { wrapped, twice, cut } of counts) {
      expect([wrapped.held, twice.held, cut.held]).toEqual([wrapped.of, twice.of, cut.of]);
    }
  });

  it('tells what vectors are tried today', { timeout: 300_000 }, () => {
    const counts = measureVectors();
    expect(REPORT, RUN_AGAIN).toContain(vectorsTable(counts));
    for (const { family, safe } of counts) expect(safe.held, family).toBe(safe.of);
  });

  it('tells how severe each warning is', () => {
    expect(REPORT, RUN_AGAIN).toContain(gateTable());
  });

  it('tells of an hour of fuzzing at least, which found no crash', () => {
    expect(REPORT, RUN_AGAIN).toContain(fuzzTable(fuzz));
    expect(Math.max(...fuzz.map(({ minutes }) => minutes))).toBeGreaterThanOrEqual(60);
    for (const { crashes, name } of fuzz.flatMap(({ targets }) => targets)) {
      expect(crashes, name).toBe(0);
    }
  });

  it('tells of a last run that found nothing at all', () => {
    for (const { findings, name } of fuzz.at(-1)?.targets ?? []) expect(findings, name).toBe(0);
    expect(fuzz.at(-1)?.targets.length).toBeGreaterThan(5);
  });
});
