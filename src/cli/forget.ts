import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { isPlanlineError, PlanlineError } from '../core/errors.ts';
import { forgetLead, type Forgotten } from '../shell/forget.ts';
import { catchUp } from '../shell/lead-stream.ts';
import { counted } from '../shell/rebuild/report.ts';
import {
  daemonOf,
  lockHome,
  openArtifacts,
  openCrashPoints,
  systemPorts,
  workerOf,
  type Database,
} from '../wire.ts';
import { withExample } from './example.ts';
import { EXIT } from './exit.ts';
import { print } from './report.ts';
import { withDatabase, type Session } from './session.ts';

/** Who did it, as the event says. */
const ACTOR = 'hand:planline forget';

const RULE = `
Gone are: description, profile, plan and last error of the row; the pages and every earlier version of
them; artifacts and notifications in the database; on this machine run folders, zips (in
COLD_STORAGE_DIR too), snapshots, pictures of failures, logs that were set aside. The row stays with
its id and the status "erased", the events stay, as they hold nothing personal, and the erasure is one
of them. Other machines that worked on the lead clear their disks at their next start or daily sweep.

Refused while a daemon works on the lead: withdraw it first (a status of your own, such as "new").
An erasure that was interrupted is finished by the same command; planline verify tells of it.
To take the person on again, give the row a new description and flag it.

Not reached: columns of your own, backups of the database, copies of files elsewhere, messages that
were sent, and what the chat provider keeps.`;

async function confirmed(id: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new PlanlineError(
      'usage',
      `This cannot be undone. To forget lead ${id}: planline forget ${id} --yes`,
    );
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(
      `Everything that planline holds of lead ${id} is removed for good. Type its id to go on: `,
    );
    return answer.trim() === id;
  } finally {
    lines.close();
  }
}

function removedLines({ artifacts, pages, pageVersions, notifications, removed }: Forgotten) {
  const inDatabase = [
    counted(artifacts, 'artifact'),
    counted(pages, 'page'),
    counted(pageVersions, 'earlier version'),
    counted(notifications, 'notification'),
  ];
  return [`  in the database: ${inDatabase.join(', ')}`, ...removed.map((path) => `  ${path}`)];
}

/** What a program cannot do, each with what a person can. */
function leftLines({ ownColumns, elsewhere, unreachable, differing, sent }: Forgotten): string[] {
  return [
    ...unreachable.map(
      (path) => `  ${path} cannot be reached: mount its disk, then give this command again`,
    ),
    ...differing.map(
      (path) => `  ${path} is not the zip that was recorded: look at it, and delete it by hand`,
    ),
    ...(elsewhere.length === 0
      ? []
      : [`  at their next start or daily sweep: the files of ${elsewhere.join(', ')}`]),
    ...(ownColumns.length === 0
      ? []
      : [`  columns of your own in junior_leads: ${ownColumns.join(', ')}`]),
    ...(sent === 0
      ? []
      : [
          `  at the chat provider: ${counted(sent, 'prompt')} (planline events ID --json names them)`,
        ]),
    '  backups of the database, and messages that were sent',
  ];
}

function show(told: Forgotten): void {
  const { leadId, recorded, removed } = told;
  const isNews = recorded || removed.length > 0;
  print(isNews ? `${leadId} forgotten` : `${leadId} was forgotten before; nothing was left`);
  if (isNews) for (const line of removedLines(told)) print(line);
  print('Left to you, or to come:');
  for (const line of leftLines(told)) print(line);
}

/** Only one process of a home writes events.jsonl: a running daemon copies the event at its next poll. */
async function withLog<T>(
  { config, log }: Session,
  database: Database,
  work: (copyLog: ((leadId: string) => Promise<void>) | null) => Promise<T>,
): Promise<T> {
  if ((await workerOf(config)) !== null) return work(null);
  const lock = await lockHome(config, 'planline forget');
  try {
    const daemon = await daemonOf(config);
    const crash = openCrashPoints(config);
    const artifacts = openArtifacts(config, log);
    return await work((leadId) =>
      catchUp(leadId, {
        ...systemPorts,
        store: database.store,
        files: artifacts.lead(leadId),
        log,
        crash,
        daemon,
      }),
    );
  } finally {
    await lock.release();
  }
}

async function forget(id: string, session: Session & { readonly database: Database }) {
  const { config, log, database } = session;
  const ports = {
    ...database,
    artifacts: openArtifacts(config, log),
    daemon: await daemonOf(config),
  };
  try {
    return await withLog(session, database, (copyLog) =>
      forgetLead({ ...ports, copyLog }, id, ACTOR),
    );
  } catch (error) {
    if (!isPlanlineError(error, 'lead_moved')) throw error;
    throw new PlanlineError('usage', error.message, { cause: error });
  }
}

export function forgetCommand(): Command {
  const command = new Command('forget')
    .argument('<id>', 'id of the lead')
    .option('--yes', 'without asking')
    .option('--json', 'as a JSON object')
    .addHelpText('after', RULE)
    .action(async (id: string, options: { yes?: true; json?: true }) => {
      if (options.yes !== true && !(await confirmed(id))) {
        print('Nothing was erased.');
        process.exitCode = EXIT.bad;
        return;
      }
      await withDatabase(async (session) => {
        const told = await forget(id, session);
        if (options.json === true) print(JSON.stringify(told, null, 2));
        else show(told);
        if (told.unreachable.length + told.differing.length > 0) process.exitCode = EXIT.bad;
      });
    });
  return withExample(command, 'planline forget 6f9619ff-8b86-4d01-b42d-00cf4fc964ff');
}
