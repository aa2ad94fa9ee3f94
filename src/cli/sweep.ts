import { Command } from 'commander';
import { sweep } from '../shell/sweep.ts';
import { withExample } from './example.ts';
import { EXIT } from './exit.ts';
import { withWorkSession, type WorkSession } from './work-session.ts';

async function runSweep({ database, terminal, workshop, stop }: WorkSession): Promise<void> {
  const { shell, notifiers, telling } = workshop;
  const deps = { shell, outbox: database.outbox, notifiers, telling };
  const result = await sweep(deps, stop);
  const { archived, blocked, waiting, reason } = result;
  terminal.print(`${archived.length} archived, ${blocked.length} blocked, ${waiting} waiting.`);
  if (reason !== null) terminal.print(`The chat account needs you: ${reason}`);
  const isDone = blocked.length === 0 && reason === null;
  process.exitCode = isDone ? EXIT.ok : EXIT.bad;
}

export function sweepCommand(): Command {
  const command = new Command('sweep')
    .addHelpText(
      'after',
      '\nExit code: 0 when nothing was blocked, 1 when something was, 2 when the settings are wrong.',
    )
    .action(() => withWorkSession(runSweep));
  return withExample(command, 'planline sweep');
}
