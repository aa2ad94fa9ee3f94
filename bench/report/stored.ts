/** A section as it is kept beside the report, so that one suite can be run again without the others. */
import { z } from 'zod';
import type { Section } from './section.ts';

const measured = z.object({
  subject: z.object({ name: z.string(), version: z.string().nullable() }),
  unit: z.enum(['ms', 's', 'µs', 'per s', 'MB/s', 'MB', '% of a core', 'ns']),
  rounds: z.array(z.number()).min(1),
});

const row = z.object({
  question: z.string(),
  ours: measured,
  others: z.array(measured),
  better: z.enum(['lower', 'higher']),
  goal: z.object({ against: z.string(), ratio: z.number() }).nullable(),
  note: z.string().nullable(),
});

const point = z.object({ label: z.string(), value: z.number() });

const section: z.ZodType<Section> = z.object({
  title: z.string(),
  method: z.array(z.string()),
  rows: z.array(row),
  plots: z.array(
    z.object({
      name: z.string().regex(/^[a-z0-9-]+$/),
      title: z.string(),
      unit: z.string(),
      series: z.array(z.object({ name: z.string(), points: z.array(point) })),
    }),
  ),
  appendix: z.array(z.object({ heading: z.string(), text: z.string() })),
});

/** Of one suite: what it gave, and where and when. */
export const storedSection = z.object({
  section,
  measured_at: z.iso.datetime(),
  seconds: z.number(),
  rounds: z.int().positive(),
  machine: z.string(),
  versions: z.string(),
  load_average: z.object({ before: z.number(), after: z.number() }),
});
export type StoredSection = z.infer<typeof storedSection>;
