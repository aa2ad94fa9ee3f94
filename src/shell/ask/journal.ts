/** What is written of a prompt: staged, send intended, sent, refused, answered, saved. */
import { sha256Hex } from '../../core/hash-chain.ts';
import { effectKey } from '../../core/lead-state.ts';
import type { Artifact, ChatJournal, ChatRequest } from '../../ports.ts';
import type { Fact } from '../lead-stream.ts';
import { Park } from '../outcomes.ts';
import {
  keepOther,
  progressOf,
  refOf,
  writeArtifact,
  writeArtifacts,
  writeKeeping,
  type RunContext,
} from '../run-context.ts';
import { metaPathOf, promptState, replyMeta, type Asking, type ReplyMeta } from './asking.ts';

/** A prompt that an earlier step wrote and recorded is there already, durably, on disk and in the database. */
async function promptFile({ run, job, sha256 }: Asking): Promise<{
  file: Artifact;
  isNew: boolean;
}> {
  const { promptPath: path, text: content } = job;
  const recorded = run.run().artifacts.get(path);
  if (recorded?.sha256 === sha256 && (await run.runFiles.read(path)) === content) {
    return { file: { ...recorded, content }, isNew: false };
  }
  return { file: await writeKeeping(run, path, content), isNew: true };
}

/** Prompt file first, then the intent to send: a crash after this knows that it may have been sent. */
export async function stage(asking: Asking, requestId: string): Promise<void> {
  const { run, step, job, sha256 } = asking;
  const known = promptState(asking);
  const intended: Fact = {
    type: 'prompt.send_intended',
    data: {
      step,
      n: job.n,
      request_id: requestId,
      prompt_sha256: known?.repair?.prompt.sha256 ?? sha256,
      driver: run.deps.driver.name,
    },
  };
  const { file, isNew } = await promptFile(asking);
  const staged: Fact = {
    type: 'prompt.staged',
    data: { step, n: job.n, prompt: refOf(file) },
  };
  await run.stream.append(known === undefined ? [staged, intended] : [intended], {
    artifacts: isNew ? [file] : [],
  });
  run.deps.crash.reached('send_intended');
}

/** Asked once the driver's turn has come: what `takeTurn` was told may be minutes old by then. */
async function mayStillSend({ deps, signals }: RunContext): Promise<void> {
  const standing = await deps.account.standing();
  if (signals.stopping.aborted) throw new Park('stopping', null);
  if (!standing.ready) throw new Park(`the chat account rests: ${standing.reason}`, null);
}

export function journalOf(asking: Asking, { requestId }: ChatRequest): ChatJournal {
  const { run, step, job } = asking;
  return {
    begin: () => mayStillSend(run),
    failed: (error) => run.deps.account.note(error),
    async sent(ref) {
      run.deps.crash.reached('prompt_taken');
      await run.stream.append([
        { type: 'prompt.sent', data: { step, n: job.n, request_id: requestId, ref } },
      ]);
      run.deps.crash.reached('sent_recorded');
    },
    phase(phase) {
      run.deps.log.debug({ leadId: run.leadId, step, n: job.n, phase }, 'Prompt');
      run.deps.progress({ kind: 'phase', leadId: run.leadId, phase });
    },
  };
}

async function freeNumber({ run, step, job }: Asking, folder: string): Promise<number> {
  // Another machine may have used a number that this disk knows nothing of.
  const taken = new Set([...(await run.runFiles.list(folder)), ...run.run().artifacts.keys()]);
  for (let number = 1; ; number += 1) {
    const stem = `${folder}/${step}_${job.n}_${number}.`;
    if (![...taken].some((path) => path.startsWith(stem))) return number;
  }
}

/** `<folder>/<step>_<n>_<k>` without an ending; no file of the folder bears it yet. */
export async function freeName(asking: Asking, folder: string): Promise<string> {
  return `${folder}/${asking.step}_${asking.job.n}_${await freeNumber(asking, folder)}`;
}

/** An answer that is sent back: kept with what was said of it. */
export async function recordRefused(
  asking: Asking,
  refused: { requestId: string; reply: string; reason: string; repair: string },
): Promise<void> {
  const { run, step, job } = asking;
  const name = await freeName(asking, 'rejected');
  const reply = await writeArtifact(run, `${name}.txt`, refused.reply);
  const repair = await writeArtifact(run, `${name}.repair.txt`, refused.repair);
  await run.stream.append(
    [
      {
        type: 'prompt.refused',
        data: {
          step,
          n: job.n,
          request_id: refused.requestId,
          repairs: (promptState(asking)?.repair?.count ?? 0) + 1,
          reason: refused.reason,
          reply: refOf(reply),
          repair: refOf(repair),
        },
      },
    ],
    { artifacts: [reply, repair] },
  );
  run.deps.crash.reached('refusal_recorded');
}

/** Records a reply that is on disk: the events that are missing, and its files. */
export async function recordSaved(asking: Asking, reply: string, meta: ReplyMeta): Promise<void> {
  const { run, step, job } = asking;
  await keepOther(run, job.replyPath, reply);
  const [replyFile, metaFile] = await writeArtifacts(run, [
    [job.replyPath, reply],
    [metaPathOf(job.replyPath), `${JSON.stringify(meta, null, 2)}\n`],
  ]);
  run.deps.crash.reached('reply_saved');
  const answered: Fact = {
    type: 'prompt.answered',
    data: {
      step,
      n: job.n,
      request_id: meta.request_id,
      reply_sha256: meta.reply_sha256,
      chars: reply.length,
      capture: meta.capture,
      complete: meta.complete,
      duration_ms: meta.duration_ms,
    },
  };
  const saved: Fact = {
    type: 'prompt.saved',
    data: { step, n: job.n, reply: refOf(replyFile), meta: refOf(metaFile) },
  };
  // Another prompt's failure stays on the row until that prompt is answered.
  const key = effectKey(step, job.n);
  const othersFail = [...run.run().failures.keys()].some((failing) => failing !== key);
  await run.stream.append([answered, saved], {
    artifacts: [replyFile, metaFile],
    patch: {
      ...(othersFail ? {} : { retry_count: 0, last_error: null }),
      pipeline_progress: progressOf(run.run(), step),
    },
  });
  run.deps.heldUp.over(run.leadId);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A meta file that is not JSON proves nothing; the reply beside it is asked for again.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A crash between "reply on disk" and its event left a reply that only needs to be recorded. */
export async function adoptFromDisk(asking: Asking): Promise<boolean> {
  const { run, job } = asking;
  const [reply, metaText] = await Promise.all([
    run.runFiles.read(job.replyPath),
    run.runFiles.read(metaPathOf(job.replyPath)),
  ]);
  if (reply === null || metaText === null) return false;
  const meta = replyMeta.safeParse(parseJson(metaText));
  if (!meta.success || meta.data.prompt_sha256 !== asking.sha256) return false;
  if (meta.data.reply_sha256 !== sha256Hex(reply) || !job.check(reply).ok) return false;
  await recordSaved(asking, reply, meta.data);
  return true;
}
