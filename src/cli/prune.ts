import { Command } from 'commander';
import { bytesText } from '../core/bytes-text.ts';
import { isPlanlineError, PlanlineError } from '../core/errors.ts';
import { pruneLead, type PrunedLead, type PrunedRun } from '../shell/prune.ts';
import { counted } from '../shell/rebuild/report.ts';
import { daemonOf, openArtifacts, systemPorts, type Database } from '../wire.ts';
import { withExample } from './example.ts';
import { EXIT } from './exit.ts';
import { print } from './report.ts';
import { withDatabase, type Session } from './session.ts';

const DAY_MS = 24 * 60 * 60_000;
const DAYS_OF = { d: 1, w: 7 } as const;

const RULE = `
A run is pruned when it was archived before then, a later run has replaced it, its pages are not the
ones that are up, and its zip, read whole now, is the recorded one and holds every recorded file as it
was, and every file of the run's folder. Then the folder goes, and the run's texts in the database. The
zip is all that is left of the run: keep it. Each pruned run is an event; verify looks for its zip.

Old runs that are the newest of their lead, or whose pages are up, are never touched, only counted.

Exit code: 0 when all other old runs went or there was none, 1 when one of them had to stay.`;

interface Options {
  readonly olderThan: string;
  readonly dryRun?: true;
  readonly json?: true;
}

function ageMs(text: string): number {
  const match = /^(\d{1,5})([dw])$/.exec(text);
  const unit = match?.[2];
  if (unit !== 'd' && unit !== 'w') {
    throw new PlanlineError(
      'usage',
      `--older-than ${text} is no age: days or weeks are needed, such as 90d or 12w.`,
    );
  }
  return Number(match?.[1]) * DAYS_OF[unit] * DAY_MS;
}

function lineOf(run: PrunedRun, isDryRun: boolean): string {
  const where = `${run.leadId}  ${run.runId}`;
  if (run.refusal !== null) return `${where}  stays: ${run.refusal}`;
  const texts =
    run.artifacts === null
      ? ''
      : `, ${counted(run.artifacts, 'artifact')} of ${bytesText(run.artifactBytes ?? 0)}`;
  const verb = isDryRun ? 'would go' : 'pruned';
  return `${where}  ${verb}: folder of ${bytesText(run.folderBytes)}${texts}; left: ${run.zip ?? ''}`;
}

/** One lead that cannot be read keeps none of the others. */
async function prunedOf(leadId: string, work: () => Promise<PrunedLead>): Promise<PrunedLead> {
  try {
    return await work();
  } catch (error) {
    if (!isPlanlineError(error, 'corrupt') && !isPlanlineError(error, 'usage')) throw error;
    const nothing = { zip: null, folderBytes: 0, artifacts: null, artifactBytes: null };
    return { runs: [{ leadId, runId: '', refusal: error.message, ...nothing }], inUse: 0 };
  }
}

function totalText(all: readonly PrunedRun[], inUse: number, isDryRun: boolean): string {
  const gone = all.filter(({ refusal }) => refusal === null);
  const bytes = gone.reduce((sum, run) => sum + run.folderBytes + (run.artifactBytes ?? 0), 0);
  const went = `${counted(gone.length, 'run')} ${isDryRun ? 'would go' : 'pruned'} (${bytesText(bytes)})`;
  const stay = `${all.length - gone.length} of the old ones stay`;
  if (inUse === 0) return `${went}, ${stay}.`;
  return `${went}, ${stay}; never pruned, as the newest of their lead or with their pages up: ${inUse}.`;
}

async function prune(
  { olderThan, dryRun, json }: Options,
  { config, log, database }: Session & { readonly database: Database },
): Promise<void> {
  const beforeMs = systemPorts.clock.now() - ageMs(olderThan);
  const artifacts = openArtifacts(config, log);
  const deps = { ...database, artifacts, daemon: await daemonOf(config) };
  const order = { beforeMs, isDryRun: dryRun === true };
  const all: PrunedRun[] = [];
  let kept = 0;
  for (const leadId of await artifacts.leadIds()) {
    const { runs, inUse } = await prunedOf(leadId, () => pruneLead(leadId, deps, order));
    all.push(...runs);
    kept += inUse;
    if (json !== true) for (const run of runs) print(lineOf(run, order.isDryRun));
  }
  if (json === true) print(JSON.stringify(all, null, 2));
  process.stderr.write(`planline: ${totalText(all, kept, order.isDryRun)}\n`);
  if (all.some(({ refusal }) => refusal !== null)) process.exitCode = EXIT.bad;
}

export function pruneCommand(): Command {
  const command = new Command('prune')
    .requiredOption('--older-than <age>', 'archived longer ago than this: 90d, 12w')
    .option('--dry-run', 'only check and list')
    .option('--json', 'as a JSON array')
    .addHelpText('after', RULE)
    .action((options: Options) => {
      // Before a database is opened for nothing.
      ageMs(options.olderThan);
      return withDatabase((session) => prune(options, session));
    });
  return withExample(command, 'planline prune --older-than 90d --dry-run');
}
