/**
 * Writes docs/content.md from a real run of all content suites, and from the reports of long
 * fuzzing in docs/content-fuzz.json.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureCorpus, measureReplies, measureVectors } from '../test/content/support/measure.ts';
import { contentReport, fuzzReports } from '../test/content/support/report.ts';

const docs = join(import.meta.dirname, '..', 'docs');
const fuzz = fuzzReports.parse(JSON.parse(readFileSync(join(docs, 'content-fuzz.json'), 'utf8')));
const report = contentReport({
  replies: measureReplies(),
  vectors: measureVectors(),
  corpus: measureCorpus(),
  fuzz,
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
});
writeFileSync(join(docs, 'content.md'), report);
