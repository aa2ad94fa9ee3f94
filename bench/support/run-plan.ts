/** A finished run of planline as a list of steps, for others to do the same. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storedEnvelope, type ArtifactRef, type StoredEvent } from '../../src/core/events.ts';
import { upcast } from '../../src/core/upcast.ts';
import type { PlannedFile, PlannedStep, RunPlan } from '../rivals/protocol.ts';

/** Telling the operator is not part of the work that is compared. */
const LEFT_OUT = 'notify';

async function eventsIn(leadFolder: string): Promise<StoredEvent[]> {
  const text = await readFile(join(leadFolder, 'events.jsonl'), 'utf8');
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => upcast(storedEnvelope.parse(JSON.parse(line))));
}

/** One step a prompt, with its prompt, reply and origin; one a step of the pipeline, with its files. */
export async function planOfRun(leadFolder: string): Promise<RunPlan> {
  const events = await eventsIn(leadFolder);
  const runId = events.find(({ type }) => type === 'run.started')?.run_id;
  if (typeof runId !== 'string') throw new Error('The lead has no run.');
  const runFolder = join(leadFolder, runId);
  const textOf = ({ path }: ArtifactRef): Promise<string> =>
    readFile(join(runFolder, path), 'utf8');
  const fileOf = async (ref: ArtifactRef): Promise<PlannedFile> => ({
    path: ref.path,
    encoding: 'utf8',
    content: await textOf(ref),
  });

  const prompts = new Map<string, ArtifactRef>();
  /** By path, the sha256 of what an earlier step wrote: such a prompt is not written once more. */
  const written = new Map<string, string>();
  const steps: PlannedStep[] = [];
  for (const event of events) {
    if (event.type === 'prompt.staged') {
      prompts.set(`${event.data.step}/${event.data.n}`, event.data.prompt);
    } else if (event.type === 'prompt.saved') {
      const { step, n, reply, meta } = event.data;
      const prompt = prompts.get(`${step}/${n}`);
      if (prompt === undefined) throw new Error(`${step} ${n} was saved and never staged.`);
      const isThere = written.get(prompt.path) === prompt.sha256;
      const files = await Promise.all([...(isThere ? [] : [prompt]), reply, meta].map(fileOf));
      steps.push({ name: `${step} ${n}`, prompt: await textOf(prompt), files });
    } else if (event.type === 'step.completed' && event.data.step !== LEFT_OUT) {
      const files = await Promise.all(event.data.outputs.map(fileOf));
      for (const { path, sha256 } of event.data.outputs) written.set(path, sha256);
      steps.push({ name: event.data.step, prompt: null, files });
    }
  }
  return { steps: await withZip(steps, `${runFolder}.zip`) };
}

/** The zip is no artifact, but a file that is written and fsynced like the others. */
async function withZip(steps: readonly PlannedStep[], zip: string): Promise<PlannedStep[]> {
  const content = (await readFile(zip)).toString('base64');
  const file = { path: 'run.zip', encoding: 'base64', content } as const;
  return steps.map((step) =>
    step.name === 'archive' ? { ...step, files: [...step.files, file] } : step,
  );
}
