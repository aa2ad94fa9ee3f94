/** The stream of one lead as planline itself writes it: three runs of 15 blocks, not all of them smooth. */
import { ChatError } from '../../src/core/errors.ts';
import type { StoredEnvelope } from '../../src/core/events.ts';
import { sweep } from '../../src/shell/sweep.ts';
import { openTestWorkshop, TELLING } from '../../test/support/workshop.ts';

const BLOCKS = 15;
const DESCRIPTIONS = [
  'I am 31 and have cooked in restaurants for nine years. I want to learn to code.',
  'I am 31 and have cooked in restaurants for nine years. I want to test software.',
  'I am 32 and have cooked in restaurants for ten years. I want to write for the web.',
];

/** Of the second run: answers that fail or are of no use, by prompt, the first time that it is asked. */
const FAILS = new Set(['stage2/4', 'stage2/11', 'stage3/2']);
const IS_OF_NO_USE = new Set(['stage2/7', 'stage3/9']);

/**
 * `folder` must be empty; it is written to and left. The second run has three failed attempts and two
 * answers that are sent back; the others are smooth. The stream ends archived.
 */
export async function recordRuns(folder: string): Promise<readonly StoredEnvelope[]> {
  const workshop = await openTestWorkshop(
    { blockCount: BLOCKS, chatConcurrency: 4, retryBaseMs: 1 },
    folder,
  );
  const troubles = new Set<string>();
  workshop.answers(async (rehearse, request, journal, signal) => {
    const reply = await rehearse(request, journal, signal);
    const prompt = `${request.step}/${request.n}`;
    if (!troubles.delete(prompt)) return reply;
    if (FAILS.has(prompt)) throw new ChatError('retryable', 'the answer was broken off');
    return { ...reply, text: 'Sure!' };
  });
  let id: string | null = null;
  for (const [run, description] of DESCRIPTIONS.entries()) {
    if (id === null) id = await workshop.database.directory.add({ description });
    else workshop.database.edit(id, { status: 'flagged', description });
    if (run === 1) for (const prompt of [...FAILS, ...IS_OF_NO_USE]) troubles.add(prompt);
    const { shell, outbox, signals, clock } = workshop;
    const swept = await clock.through(
      sweep({ shell, outbox, notifiers: [], telling: TELLING }, signals),
    );
    if (!swept.archived.includes(id)) throw new Error(`run ${run + 1} was not archived`);
    if (troubles.size > 0) throw new Error(`never asked: ${[...troubles].join(', ')}`);
    clock.advance(3_600_000);
  }
  return workshop.database.events(id ?? '');
}
