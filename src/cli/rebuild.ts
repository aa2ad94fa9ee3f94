import { Command, Option } from 'commander';
import { loadConfig } from '../config.ts';
import type { StoredEnvelope } from '../core/events.ts';
import { PlanlineError } from '../core/errors.ts';
import type { ArtifactStore } from '../ports.ts';
import { counted, type RebuildReport } from '../shell/rebuild/report.ts';
import { standingOf, type Standing } from '../shell/rebuild/standing.ts';
import { rebuildToDatabase } from '../shell/rebuild/to-database.ts';
import { rebuildToDisk } from '../shell/rebuild/to-disk.ts';
import { lockHome, openArtifacts, workerOf, type Database } from '../wire.ts';
import { eventLine } from './events.ts';
import { withExample } from './example.ts';
import { EXIT } from './exit.ts';
import { withDatabase } from './session.ts';

type Target = 'disk' | 'database';

interface Options {
  readonly to?: Target;
  readonly json?: true;
}

interface Places {
  readonly database: Database;
  readonly artifacts: ArtifactStore;
}

const RULE = `
Without --to nothing is changed: each lead is shown whose stream is not the same on both sides.

The database is the authority, and never loses an event.
  --to disk      makes the disk what the database says: events.jsonl, every recorded file of every
                 run, run_summary.json. What is there and differs is kept: the log as
                 events.differs.<time>.jsonl, a file under snapshots/, a run that the database does
                 not know as <run id>.aside. Logs, zips and pictures of failures are on the disk
                 that made them only.
  --to database  adds what only the disk has: events as they were, artifacts (from zips too), the
                 row (a missing one from input/lead.json, with your own columns) and pages. Where
                 each side has events that the other lacks, nothing is written: --to disk takes the
                 database's side then.
Stop the daemon of this home first. A lead that another daemon holds is refused.`;

/** Lines that a side of a fork shows; a person wants its beginning, and how much there is. */
const SHOWN_EVENTS = 8;

function branchLines(side: string, branch: readonly StoredEnvelope[]): string[] {
  const more = branch.length - SHOWN_EVENTS;
  return [
    `    ${side}:`,
    ...branch.slice(0, SHOWN_EVENTS).map((event) => `      ${eventLine(event)}`),
    ...(more > 0 ? [`      … and ${counted(more, 'event')} more`] : []),
  ];
}

function lacksLine({ comparison, disk }: Standing, side: Target): string {
  const lacks = side === 'disk' ? comparison.diskLacks : comparison.databaseLacks;
  const torn = side === 'disk' && disk.isTorn ? [`the last line of ${disk.name} is torn`] : [];
  const missing = lacks
    .slice(0, 1)
    .map(({ seq }) => `the ${side} lacks ${counted(lacks.length, 'event')} from seq ${seq} on`);
  return [...torn, ...missing].join(', ');
}

function standingLines(standing: Standing): string[] {
  const { leadId, kind, comparison, damage } = standing;
  const cure = (side: Target): string => `    → planline rebuild --to ${side} ${leadId}`;
  switch (kind) {
    case 'same':
      return [`${leadId}  same  ${counted(comparison.whole.length, 'event')}`];
    case 'disk_behind':
      return [`${leadId}  ${lacksLine(standing, 'disk')}`, cure('disk')];
    case 'database_behind':
      return [`${leadId}  ${lacksLine(standing, 'database')}`, cure('database')];
    case 'both_behind':
      return [
        `${leadId}  ${lacksLine(standing, 'database')}, ${lacksLine(standing, 'disk')}`,
        cure('database'),
      ];
    case 'fork':
      return [
        `${leadId}  fork at seq ${comparison.forkSeq ?? 0}: each side has events that the other lacks`,
        ...branchLines('database', comparison.diskLacks),
        ...branchLines('disk', comparison.databaseLacks),
        `${cure('disk')}   (the database's side stands, the disk's is kept in a file)`,
      ];
    case 'damaged':
      return [
        `${leadId}  damaged`,
        ...[damage.database, damage.disk]
          .filter((text) => text !== null)
          .map((text) => `    ${text}`),
        `    → planline verify ${leadId}`,
      ];
  }
}

function reportLines({ leadId, done, problems }: RebuildReport): string[] {
  const state = problems.length > 0 ? 'not whole' : done.length > 0 ? 'rebuilt' : 'nothing to do';
  return [`${leadId}  ${state}`, ...[...done, ...problems].map((text) => `    ${text}`)];
}

function standingJson({ leadId, kind, comparison, damage, disk }: Standing): unknown {
  return {
    leadId,
    kind,
    fork_seq: comparison.forkSeq,
    database_lacks: comparison.databaseLacks.map(({ seq }) => seq),
    disk_lacks: comparison.diskLacks.map(({ seq }) => seq),
    disk_torn: disk.isTorn,
    damage,
  };
}

/** Ids that either side knows, or only the side that is read. */
async function idsFor(to: Target | undefined, { database, artifacts }: Places): Promise<string[]> {
  const ids = new Set(to === 'disk' ? [] : await artifacts.leadIds());
  if (to !== 'database') for await (const id of database.recovery.streamIds()) ids.add(id);
  return [...ids].toSorted();
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function showAll(ids: readonly string[], places: Places, json: boolean): Promise<boolean> {
  const standings: Standing[] = [];
  for (const id of ids) {
    const files = places.artifacts.lead(id);
    const standing = await standingOf(id, { recovery: places.database.recovery, files });
    if (standing.database.events.length + standing.disk.events.length === 0) continue;
    standings.push(standing);
    if (!json) print(standingLines(standing));
  }
  if (json) print([JSON.stringify(standings.map(standingJson), null, 2)]);
  return standings.every(({ kind }) => kind === 'same');
}

/** One lead that cannot be rebuilt (held by a daemon, moved meanwhile) keeps none of the others. */
async function rebuilt(leadId: string, to: Target, places: Places): Promise<RebuildReport> {
  const ports = { ...places.database, artifacts: places.artifacts };
  try {
    return to === 'disk'
      ? await rebuildToDisk(leadId, ports)
      : await rebuildToDatabase(leadId, ports);
  } catch (error) {
    const ofAll = ['unavailable', 'setup', 'config'];
    if (!(error instanceof PlanlineError) || ofAll.includes(error.code)) throw error;
    return { leadId, done: [], problems: [error.message] };
  }
}

async function rebuildAll(
  ids: readonly string[],
  to: Target,
  places: Places,
  json: boolean,
): Promise<boolean> {
  const reports: RebuildReport[] = [];
  for (const id of ids) {
    const report = await rebuilt(id, to, places);
    reports.push(report);
    if (!json) print(reportLines(report));
  }
  if (json) print([JSON.stringify(reports, null, 2)]);
  const bad = reports.filter(({ problems }) => problems.length > 0).length;
  const changed = reports.filter(({ done }) => done.length > 0).length;
  process.stderr.write(
    `planline: ${counted(reports.length, 'lead')} looked at, ${changed} rebuilt, ${bad} not whole.\n`,
  );
  return bad === 0;
}

/** Nobody of this home works on the same files and rows meanwhile. */
async function withQuietHome(work: () => Promise<void>): Promise<void> {
  const config = loadConfig();
  const worker = await workerOf(config);
  if (worker !== null) {
    throw new PlanlineError(
      'usage',
      `A ${worker.purpose} of ${config.home} runs (process ${worker.pid}) and works on what is to be rebuilt. Stop it first.`,
    );
  }
  const lock = await lockHome(config, 'planline rebuild');
  try {
    await work();
  } finally {
    await lock.release();
  }
}

/** Throws `usage` when neither side knows the lead. */
async function assertKnown(leadId: string, { database, artifacts }: Places): Promise<void> {
  const files = artifacts.lead(leadId);
  const { kind, comparison } = await standingOf(leadId, { recovery: database.recovery, files });
  if (kind !== 'damaged' && comparison.whole.length === 0 && comparison.forkSeq === null) {
    throw new PlanlineError('usage', `Lead ${leadId} has no events, here or in the database.`);
  }
}

async function rebuild(id: string | undefined, { to, json }: Options): Promise<void> {
  await withDatabase(async ({ config, log, database }) => {
    const places = { database, artifacts: openArtifacts(config, log) };
    if (id !== undefined) await assertKnown(id, places);
    const ids = id === undefined ? await idsFor(to, places) : [id];
    const isWell =
      to === undefined
        ? await showAll(ids, places, json === true)
        : await rebuildAll(ids, to, places, json === true);
    if (!isWell) process.exitCode = EXIT.bad;
  });
}

export function rebuildCommand(): Command {
  const command = new Command('rebuild')
    .argument('[id]', 'id of a lead; all leads when left out')
    .addOption(
      new Option('--to <side>', 'the side that is rebuilt from the other').choices([
        'disk',
        'database',
      ]),
    )
    .option('--json', 'as a JSON array')
    .addHelpText('after', RULE)
    .action((id: string | undefined, options: Options) =>
      options.to === undefined ? rebuild(id, options) : withQuietHome(() => rebuild(id, options)),
    );
  return withExample(
    command,
    'planline rebuild',
    'planline rebuild --to disk',
    'planline rebuild --to database 6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
  );
}
