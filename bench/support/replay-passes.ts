/** What the processes of the replay suite are asked, and how each of them times itself. */
import { z } from 'zod';
import { median } from '../report/statistics.ts';

export const question = z.object({
  subject: z.enum(['parse', 'fold', 'check', 'database', 'answers']),
  /** How many events the file holds, or how many are to be read of the database. */
  events: z.int().positive(),
  /** `<runs>/<lead>/events.jsonl` */
  file: z.string(),
  leadId: z.string(),
  supabase: z.object({ url: z.string(), secretKey: z.string() }),
});
export type Question = z.infer<typeof question>;

export const answer = z.object({
  /** Microseconds an event; the median of the passes. */
  usPerEvent: z.number(),
  /** Peak of the process so far, in MB of 10^6 bytes. */
  maxRssMb: z.number(),
});
export type Answer = z.infer<typeof answer>;

/** Passes over a short stream go on for so long, so that what is measured is not the compiler. */
const LEAST_MS = 1_000;
/** The first passes over a short stream warm up and are not counted. */
const WARM_UP_EVENTS = 20_000;

/** `pass` goes through the whole stream once and says how many events it saw. */
export async function passes(events: number, pass: () => Promise<number>): Promise<Answer> {
  const warmUps = events < WARM_UP_EVENTS ? Math.ceil(WARM_UP_EVENTS / events) : 0;
  for (let done = 0; done < warmUps; done += 1) await pass();
  const times: number[] = [];
  const startMs = performance.now();
  do {
    const beganMs = performance.now();
    const seen = await pass();
    times.push(performance.now() - beganMs);
    if (seen !== events) throw new Error(`${seen} events were seen, ${events} expected`);
  } while (performance.now() - startMs < LEAST_MS);
  return {
    usPerEvent: (median(times) * 1_000) / events,
    maxRssMb: (process.resourceUsage().maxRSS * 1_024) / 1e6,
  };
}
