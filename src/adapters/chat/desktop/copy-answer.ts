/** The page's own copy of the last answer: its markdown, as the model wrote it. */
import type { Clipboard } from './clipboard-hold.ts';
import { type Unframed, unframe } from './framing.ts';
import type { Job } from './job.ts';
import { focusComposer } from './page.ts';

/** Between the key that shows whether the page takes keys, and the one that copies. */
const CANARY_MS = 200;

export async function copyAnswer(job: Job, clipboard: Clipboard): Promise<Unframed> {
  await focusComposer(job);
  await job.desk.pause(CANARY_MS);
  await job.desk.checkInFront();
  const text = await clipboard.copy('copyAnswer', job.session.timings.copyAnswerMs);
  return text === null ? { kind: 'foreign' } : unframe(text, job.frame);
}
