/** How soon a daemon is there. */
import { makeTempFolder } from '../../test/support/temp-folder.ts';
import type { Row, Section } from '../report/section.ts';
import { startDaemon, SUBSCRIBED } from '../support/daemon.ts';
import { idleEnv, OFFLINE } from '../support/idle-env.ts';
import { startProject, withPostgres, type Project } from '../support/hosted.ts';
import { alternate, type Contender } from '../support/rounds.ts';
import type { SuiteContext } from '../support/suite.ts';
import { planlineSubject } from '../support/versions.ts';

/** Seconds from the spawn of the process to its subscription. */
async function secondsToSubscribed(
  env: Readonly<Record<string, string>>,
  folder?: string,
): Promise<number> {
  const daemon = await startDaemon(env, folder === undefined ? {} : { folder });
  try {
    return ((await daemon.logged(SUBSCRIBED)) - daemon.spawnedMs) / 1_000;
  } finally {
    await daemon.stop();
  }
}

const STARTS = {
  hosted: 'PostgREST, until subscribed',
  again: 'embedded, until ready, database there',
  fresh: 'embedded, until ready, database made anew',
} as const;

async function measureStarts(project: Project, context: SuiteContext) {
  const folder = await makeTempFolder();
  try {
    // Makes the database for the starts that find one.
    await secondsToSubscribed(OFFLINE, folder.path);
    const contenders: Contender<number>[] = [
      { name: STARTS.hosted, measure: () => secondsToSubscribed(idleEnv(project)) },
      { name: STARTS.again, measure: () => secondsToSubscribed(OFFLINE, folder.path) },
      { name: STARTS.fresh, measure: () => secondsToSubscribed(OFFLINE) },
    ];
    return await alternate(contenders, context);
  } finally {
    await folder.remove();
  }
}

function startRows(starts: Awaited<ReturnType<typeof measureStarts>>): Row[] {
  return [...starts].map(([name, { rounds, failure }]) => {
    if (rounds.length === 0) throw new Error(`${name}: ${String(failure)}`);
    return {
      question: `cold start, ${name}`,
      ours: { subject: planlineSubject(name.split(',')[0] ?? name), unit: 's', rounds },
      others: [],
      better: 'lower',
      goal: null,
      note: failure,
    };
  });
}

const METHOD = [
  'From the spawn of the process until the daemon logs that it is subscribed to Realtime, which is when a flag is noticed; alternating rounds. Files of Node and planline are in the page cache.',
];

export async function start(context: SuiteContext): Promise<Section> {
  return withPostgres(async (postgres) => {
    const project = await startProject(postgres, 'planline');
    try {
      const rows = startRows(await measureStarts(project, context));
      return { title: 'Start', method: METHOD, rows, plots: [], appendix: [] };
    } finally {
      await project.stop();
    }
  });
}
