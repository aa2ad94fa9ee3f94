/** What a daemon costs that has nothing to do. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestPostgres } from '../../test/support/postgres.ts';
import type { Measured, Row, Section, Subject } from '../report/section.ts';
import { median } from '../report/statistics.ts';
import { startDaemon, SUBSCRIBED } from '../support/daemon.ts';
import { idleEnv, OFFLINE } from '../support/idle-env.ts';
import { startProject, withPostgres, type Project } from '../support/hosted.ts';
import { canCount, takenBy, type Taken } from '../support/proc.ts';
import { startRival } from '../support/rival.ts';
import type { SuiteContext } from '../support/suite.ts';
import { undoing } from '../support/undoing.ts';
import { planlineSubject, rivalSubject } from '../support/versions.ts';

const IDLE_SECONDS = 600;
/** After the start nobody is idle at once. */
const SETTLE_SECONDS = 20;
const LOOK_SECONDS = 5;

interface Idler {
  readonly subject: Subject;
  readonly pid: number;
}

interface Idle {
  readonly subject: Subject;
  readonly rssMb: number;
  /** Of a core. */
  readonly cpuPercent: number;
}

const HOSTED = 'PostgREST';
const EMBEDDED = 'embedded, with its database';
const RIVALS = [
  { name: 'graphile-worker', program: 'graphile-worker', variant: '' },
  { name: 'pg-boss, NOTIFY', program: 'pg-boss', variant: 'notify' },
  { name: 'DBOS', program: 'dbos', variant: '' },
  { name: 'openworkflow', program: 'openworkflow', variant: '' },
] as const;

/** All of them are idle in the same minutes; nobody is given anything to do. */
async function watch(
  idlers: readonly Idler[],
  { isTrial, say }: SuiteContext,
): Promise<readonly Idle[]> {
  const [settleSeconds, seconds] = isTrial ? [2, 10] : [SETTLE_SECONDS, IDLE_SECONDS];
  await sleep(settleSeconds * 1_000);
  const beganMs = performance.now();
  const looks: Taken[][] = [idlers.map(({ pid }) => takenBy(pid))];
  const lastSeconds = (): number => (performance.now() - beganMs) / 1_000;
  while (lastSeconds() < seconds) {
    await sleep(LOOK_SECONDS * 1_000);
    looks.push(idlers.map(({ pid }) => takenBy(pid)));
    if (looks.length % 24 === 0) say(`idle for ${Math.round(lastSeconds())} s`);
  }
  const passedSeconds = lastSeconds();
  return idlers.map(({ subject }, index) => {
    const own = looks.flatMap((look) => look[index] ?? []);
    const spent = (own.at(-1)?.cpuSeconds ?? 0) - (own[0]?.cpuSeconds ?? 0);
    return {
      subject,
      rssMb: median(own.map(({ rssMb }) => rssMb)),
      cpuPercent: (100 * spent) / passedSeconds,
    };
  });
}

interface IdleResult {
  readonly all: readonly Idle[];
  readonly failures: readonly string[];
}

async function measureIdle(
  postgres: TestPostgres,
  project: Project,
  context: SuiteContext,
): Promise<IdleResult> {
  const undo = undoing();
  const idlers: Idler[] = [];
  const failures: string[] = [];
  try {
    for (const [where, env] of [
      [HOSTED, idleEnv(project)],
      [EMBEDDED, OFFLINE],
    ] as const) {
      const daemon = await startDaemon(env);
      undo.add(() => daemon.stop());
      await daemon.logged(SUBSCRIBED);
      idlers.push({ subject: planlineSubject(where), pid: daemon.pid });
    }
    for (const { name, program, variant } of RIVALS) {
      try {
        const databaseUrl = await postgres.createDatabase(`idle_${program}`);
        const rival = await startRival({ program, variant, databaseUrl });
        undo.add(() => rival.stop());
        const { pid } = rival.worker.tied.child;
        if (pid !== undefined) idlers.push({ subject: rivalSubject(program, name), pid });
      } catch (error) {
        failures.push(`${name} failed and is left out: ${String(error)}`);
      }
    }
    return { all: await watch(idlers, context), failures };
  } finally {
    await undo.all();
  }
}

const NOTES = {
  rss: 'A daemon holds what a run needs besides a queue: the client of REST and Realtime, statecharts, schemas, HTML parsers and the chat driver; the embedded one also a PostgreSQL in WebAssembly.',
  cpu: 'The daemon looks each second whether Realtime is still heard, and every 15 s at the outbox and at what is due; all of it through HTTP.',
} as const;

function idleRows({ all }: IdleResult): Row[] {
  const isOurs = ({ subject }: Idle): boolean => subject.name.startsWith('planline');
  const others = all.filter((one) => !isOurs(one));
  const measured = ({ subject }: Idle, unit: Measured['unit'], value: number): Measured => ({
    subject,
    unit,
    rounds: [value],
  });
  return all.filter(isOurs).flatMap((one): Row[] => {
    const where = one.subject.name.replace('planline, ', '');
    const base = { better: 'lower', goal: null } as const;
    return [
      {
        ...base,
        question: `RSS, idle, ${where}`,
        ours: measured(one, 'MB', one.rssMb),
        others: others.map((other) => measured(other, 'MB', other.rssMb)),
        note: NOTES.rss,
      },
      {
        ...base,
        question: `CPU, idle, ${where}`,
        ours: measured(one, '% of a core', one.cpuPercent),
        others: others.map((other) => measured(other, '% of a core', other.cpuPercent)),
        note: NOTES.cpu,
      },
    ];
  });
}

const METHOD = [
  `Idle: all processes of this table run at the same time for ${IDLE_SECONDS / 60} minutes, ${SETTLE_SECONDS} s after the last was started, with empty queues and their defaults. RSS is the median of a look each ${LOOK_SECONDS} s at /proc/<pid>/status, CPU what /proc/<pid>/stat counted in between. The embedded daemon counts with the process of its database; PostgreSQL, PostgREST and the gateway do not count, for nobody. A rival is its worker process, which holds nothing but the library and an empty job.`,
  'The suites of replaying and of HTML run meanwhile: each is one process on one of the cores, and what is counted here is what a process took itself.',
];

export async function idle(context: SuiteContext): Promise<Section> {
  if (!canCount()) throw new Error('This suite reads /proc, which only Linux has.');
  return withPostgres(async (postgres) => {
    const project = await startProject(postgres, 'planline');
    try {
      const result = await measureIdle(postgres, project, context);
      return {
        title: 'Idle',
        method: [...METHOD, ...result.failures],
        rows: idleRows(result),
        plots: [],
        appendix: [],
      };
    } finally {
      await project.stop();
    }
  });
}
