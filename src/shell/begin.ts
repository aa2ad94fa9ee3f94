/** From `flagged` into a run: a new one, or the unfinished one where it stopped. */
import { PlanlineError } from '../core/errors.ts';
import { sha256Hex } from '../core/hash-chain.ts';
import type { LeadFacts, RunState } from '../core/lead-state.ts';
import { promptsTotal, STATUS_OF_STEP, stepAfter, STEPS, type Step } from '../core/lifecycle.ts';
import { newRunId } from '../core/run-id.ts';
import { checkDescription } from '../steps/input-transform.ts';
import { TEMPLATE_NAMES, type TemplateName } from '../core/template.ts';
import type { Artifact, LeadRow, RunFiles, Templates } from '../ports.ts';
import { Block } from './outcomes.ts';
import {
  progressOf,
  refOf,
  writeSideBySide,
  type LeadContext,
  type NewFile,
} from './run-context.ts';

/** Where the templates of a run are kept, as they were. */
export function templatePath(name: string): string {
  return `input/prompts/${name}.txt`;
}

function artifactOf(path: string, content: string): Artifact {
  return { path, sha256: sha256Hex(content), bytes: Buffer.byteLength(content), content };
}

async function writeAll(files: RunFiles, artifacts: readonly Artifact[]): Promise<void> {
  await writeSideBySide(
    files,
    artifacts.map(({ path, content }): NewFile => [path, content]),
  );
}

/** The step at which an unfinished run goes on: the first that was not completed. */
export function stepToResume(run: RunState): Step {
  const last = run.completed.at(-1);
  return last === undefined ? 'input_transform' : (stepAfter(last.step) ?? 'notify');
}

function unfinished(facts: LeadFacts, descriptionSha256: string): RunState | null {
  const { run } = facts;
  if (run === null || run.finishedAt !== null) return null;
  return run.descriptionSha256 === descriptionSha256 ? run : null;
}

/** The step that fills each template. */
const FILLED_BY: Readonly<Record<TemplateName, Step>> = {
  input_transform: 'input_transform',
  init_plan: 'plan',
  block: 'blocks',
  html_transform: 'prepare_html',
};

/** A template whose step is over stays as it was: what came of it is already recorded. */
function isStillFilled(name: TemplateName, resumedAt: Step): boolean {
  return STEPS.indexOf(FILLED_BY[name]) >= STEPS.indexOf(resumedAt);
}

async function resume(lead: LeadContext, run: RunState, templates: Templates): Promise<void> {
  const files = lead.files.run(run.runId);
  const step = stepToResume(run);
  const changed = TEMPLATE_NAMES.filter(
    (name) =>
      isStillFilled(name, step) &&
      run.artifacts.get(templatePath(name))?.sha256 !== sha256Hex(templates[name]),
  );
  for (const name of changed) await files.snapshot(templatePath(name));
  // The operator may have mended a template: steps still to come use it as it is now.
  const artifacts = changed.map((name) => artifactOf(templatePath(name), templates[name]));
  await writeAll(files, artifacts);
  await lead.stream.append(
    [
      {
        type: 'run.resumed',
        runId: run.runId,
        statusTo: STATUS_OF_STEP[step],
        data: { step, artifacts: artifacts.map(refOf) },
      },
    ],
    {
      artifacts,
      patch: { retry_count: 0, last_error: null, pipeline_progress: progressOf(run, step) },
    },
  );
  lead.deps.log.info({ leadId: lead.claim.lead.id, runId: run.runId, step }, 'Run resumed');
}

async function start(
  lead: LeadContext,
  row: LeadRow,
  description: string,
  templates: Templates,
): Promise<void> {
  const { deps, stream, files } = lead;
  const { blockCount } = deps.options;
  const nowMs = deps.clock.now();
  const onDisk = await files.runIds();
  const runId = newRunId(nowMs, new Set([...stream.state().runIds, ...onDisk]));
  const artifacts = [
    artifactOf('input/lead.json', `${JSON.stringify(row.raw, null, 2)}\n`),
    ...TEMPLATE_NAMES.map((name) => artifactOf(templatePath(name), templates[name])),
  ];
  await stream.append(
    [
      {
        type: 'run.started',
        runId,
        statusTo: 'processing',
        data: {
          description_sha256: sha256Hex(description),
          description_chars: Array.from(description).length,
          block_count: blockCount,
          driver: deps.driver.name,
          artifacts: artifacts.map(refOf),
        },
      },
    ],
    {
      artifacts,
      patch: {
        processing_started_at: new Date(nowMs).toISOString(),
        processing_completed_at: null,
        retry_count: 0,
        last_error: null,
        pipeline_progress: {
          run_id: runId,
          step: 'input_transform',
          prompts_done: 0,
          prompts_total: promptsTotal(blockCount),
        },
      },
    },
  );
  // The event comes first, unlike everywhere else: a crash between the two would leave a folder that
  // no event names, on a machine that may never see this lead again. What is missing of these files
  // is fetched from the database by whoever reads them.
  await writeAll(files.run(runId), artifacts);
  deps.log.info({ leadId: row.id, runId }, 'Run started');
}

/** Starts or resumes. Throws Block when the description or a template cannot be used. */
export async function begin(lead: LeadContext): Promise<void> {
  const { deps, claim, stream } = lead;
  // Read again: the row may have been edited after it was claimed.
  const row = await deps.directory.get(claim.lead.id);
  if (row === null) {
    throw new PlanlineError('lead_moved', `Lead ${claim.lead.id} is not in junior_leads any more.`);
  }
  const description = checkDescription(row.description);
  if (!description.ok) {
    throw new Block(description.error.reason, { step: 'input_transform', code: 'description' });
  }
  const templates = await deps.templates.load();
  const run = unfinished(stream.state(), sha256Hex(row.description ?? ''));
  return run === null
    ? start(lead, row, row.description ?? '', templates)
    : resume(lead, run, templates);
}
