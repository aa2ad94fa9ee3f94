/** `planline watch`: leads that are not at rest, as they change. */
import { styleText } from 'node:util';
import { Command } from 'commander';
import { createLogUpdate } from 'log-update';
import { loadConfig, type Config } from '../config.ts';
import { isPlanlineError, PlanlineError } from '../core/errors.ts';
import { timesIn } from '../core/times.ts';
import type { LeadDirectory } from '../ports.ts';
import { readAccount, systemPorts, workerOf } from '../wire.ts';
import { withExample } from './example.ts';
import { type LeadStatus, readLeads, type Urgency, urgencyOf } from './leads/lead-status.ts';
import { changeLines } from './leads/change-lines.ts';
import { leadTable } from './leads/lead-table.ts';
import { accountLine, paintLead } from './leads/look.ts';
import { widthOf } from './report.ts';
import { withDatabase } from './session.ts';
import { stopOnSignals } from './signals.ts';
import { wrapped } from './wrap.ts';

const LOOK_EVERY_MS = 1_000;
/** More than a screen holds; what needs a person is first. */
const LIMIT = 200;
/** What says that not all is shown, and the prompt's own line. */
const SPARE_LINES = 2;

interface Sight {
  readonly leads: readonly LeadStatus[];
  /** Above the table: what is wrong just now. */
  readonly notice: string | null;
}

async function look(config: Config, directory: LeadDirectory, last: Sight): Promise<Sight> {
  try {
    const leads = await readLeads(directory, { limit: LIMIT, atRest: false });
    const account = await readAccount(config);
    const times = timesIn(config.sweepTz);
    const notice = accountLine(account?.state ?? null, systemPorts.clock.now(), times);
    return { leads, notice };
  } catch (error) {
    // A hosted project comes back; the embedded one went with its daemon, and comes back elsewhere.
    if (!isPlanlineError(error, 'unavailable') || config.supabase === null) throw error;
    return { leads: last.leads, notice: error.message };
  }
}

const COUNTED: readonly (readonly [Urgency, string])[] = [
  ['blocked', 'blocked'],
  ['under_way', 'under way'],
  ['waiting', 'waiting'],
];

/** Of all of them, also of those that the screen has no room for. */
function countsOf(leads: readonly LeadStatus[]): string {
  const told = COUNTED.flatMap(([urgency, words]) => {
    const count = leads.filter((lead) => urgencyOf(lead) === urgency).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return `${told.join(', ')}${leads.length < LIMIT ? '' : ', or more'}`;
}

/** As many lines as the screen has: one that scrolls away could not be drawn anew. */
function screenOf({ leads, notice }: Sight, out: NodeJS.WriteStream): string {
  const width = widthOf(out);
  const above =
    notice === null ? [] : [...wrapped(notice, width).map((line) => styleText('red', line)), ''];
  const below = [
    '',
    ...(leads.length === 0 ? [] : [countsOf(leads)]),
    styleText('dim', 'Ctrl+C stops watching; the work goes on.'),
  ];
  const table = leadTable(leads, width, paintLead).split('\n');
  const room = Math.max(out.rows - above.length - below.length - SPARE_LINES, 3);
  const hidden = table.length - room;
  const shown =
    hidden > 0 ? [...table.slice(0, room), `… ${hidden} more lines: planline status`] : table;
  const middle = leads.length === 0 ? ['Nothing is under way, and nothing waits.'] : shown;
  return [...above, ...middle, ...below].join('\n');
}

interface Shower {
  show(sight: Sight): void;
  close(): void;
}

function onScreen(out: NodeJS.WriteStream): Shower {
  const region = createLogUpdate(out);
  return { show: (sight) => region(screenOf(sight, out)), close: () => region.done() };
}

/** Where nothing can be drawn anew each change is a line. */
function inLines(out: NodeJS.WriteStream): Shower {
  let last: Sight = { leads: [], notice: null };
  return {
    show(sight) {
      const time = new Date(systemPorts.clock.now()).toISOString();
      const notice = sight.notice === null || sight.notice === last.notice ? [] : [sight.notice];
      for (const line of [...notice, ...changeLines(last.leads, sight.leads)]) {
        out.write(`${time}  ${line}\n`);
      }
      last = sight;
    },
    close: () => undefined,
  };
}

async function watch(config: Config, directory: LeadDirectory): Promise<void> {
  const out = process.stdout;
  const stop = stopOnSignals(() => undefined);
  const shower = out.isTTY ? onScreen(out) : inLines(out);
  let last: Sight = { leads: [], notice: null };
  const redraw = (): void => shower.show(last);
  out.on('resize', redraw);
  try {
    for (let drawn = ''; !stop.stopping.aborted;) {
      last = await look(config, directory, last);
      const now = JSON.stringify(last);
      if (now !== drawn) redraw();
      drawn = now;
      await systemPorts.clock.sleep(LOOK_EVERY_MS, stop.stopping);
    }
  } finally {
    out.off('resize', redraw);
    shower.close();
    stop.dispose();
  }
}

/** A database of its own would be one that nobody works on, and would keep the daemon from it. */
async function assertSomebodyWorks(config: Config): Promise<void> {
  if (config.supabase !== null || (await workerOf(config)) !== null) return;
  throw new PlanlineError(
    'usage',
    'No planline daemon runs here, so there is nothing to watch. Start one: planline daemon',
  );
}

export function watchCommand(): Command {
  const command = new Command('watch').action(async () => {
    await assertSomebodyWorks(loadConfig());
    await withDatabase(({ config, database }) => watch(config, database.directory));
  });
  return withExample(command, 'planline watch');
}
