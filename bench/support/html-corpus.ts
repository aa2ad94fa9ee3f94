/** Pages as they come: of the rehearsal driver, and HTML that people wrote, as the content tests have it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CORPUS, documentsOf } from '../../test/content/support/corpus.ts';
import { recordRuns } from './recorded-runs.ts';

/** The sources of one corpus, as a file of JSON. */
export const corpusFile = z.array(z.string()).min(1);

export const htmlQuestion = z.object({
  /** Path of a corpus file. */
  corpus: z.string(),
  step: z.enum(['convert', 'clean']),
});

export const htmlAnswer = z.object({
  /** Of one pass over the corpus, in ms. */
  passMs: z.number(),
  /** How many of its documents became something. */
  converted: z.int(),
});
export type HtmlAnswer = z.infer<typeof htmlAnswer>;

export interface Corpus {
  /** `lesson pages` */
  readonly name: string;
  readonly sources: readonly string[];
  readonly bytes: number;
}

function corpusOf(name: string, sources: readonly string[]): Corpus {
  return { name, sources, bytes: sources.reduce((sum, html) => sum + Buffer.byteLength(html), 0) };
}

/** In a run's folder, as the chat answered. */
const LESSON_PAGE = /stage_3_generated_html[/\\]parthtml\d+\.txt$/;

/** `folder` must be empty: three runs are recorded into it, for the pages that they ask for. */
export async function corpora(folder: string): Promise<Corpus[]> {
  await recordRuns(folder);
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => LESSON_PAGE.test(path))
    .toSorted()
    .map((path) => readFileSync(join(folder, path), 'utf8'));
  return [
    corpusOf('lesson pages as ChatGPT is asked for them', pages),
    ...CORPUS.map((part) =>
      corpusOf(
        part.what,
        documentsOf(part).map(({ html }) => html),
      ),
    ),
  ];
}
