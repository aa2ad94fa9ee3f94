/** The command line: one file a command, put together here. */
import { Command, CommanderError } from 'commander';
import { version } from '../package-root.ts';
import { addCommand } from './add.ts';
import { chatCommand } from './chat.ts';
import { daemonCommand } from './daemon.ts';
import { dashboardCommand } from './dashboard.ts';
import { dbCommand } from './db.ts';
import { doctorCommand } from './doctor.ts';
import { eventsCommand } from './events.ts';
import { describe, EXIT, exitCodeOf } from './exit.ts';
import { flagCommand } from './flag.ts';
import { folderCommands } from './folder.ts';
import { forgetCommand } from './forget.ts';
import { previewCommand } from './preview.ts';
import { pruneCommand } from './prune.ts';
import { rebuildCommand } from './rebuild.ts';
import { schemaCommand } from './schema.ts';
import { statusCommand } from './status.ts';
import { sweepCommand } from './sweep.ts';
import { uploadCommand } from './upload.ts';
import { verifyCommand } from './verify.ts';

/** Wrong usage throws instead of ending the process, and points to the help of that very command. */
function settle(command: Command, usedAs: string): void {
  command.exitOverride().showHelpAfterError(`(${usedAs} --help shows how, with an example)`);
  for (const inner of command.commands) settle(inner, `${usedAs} ${inner.name()}`);
}

function program(): Command {
  const root = new Command('planline')
    .description(
      'Takes flagged leads through a pipeline of ChatGPT prompts to finished learning pages.',
    )
    .version(version)
    .configureHelp({ sortSubcommands: false });
  for (const command of [
    daemonCommand(),
    dashboardCommand(),
    sweepCommand(),
    addCommand(),
    flagCommand(),
    statusCommand(),
    eventsCommand(),
    verifyCommand(),
    rebuildCommand(),
    forgetCommand(),
    pruneCommand(),
    doctorCommand(),
    dbCommand(),
    ...folderCommands(),
    chatCommand(),
    uploadCommand(),
    previewCommand(),
    schemaCommand(),
  ]) {
    root.addCommand(command);
  }
  settle(root, 'planline');
  return root;
}

/** Runs one command; the exit code is set, the process ends when nothing is left to do. */
export async function runCli(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed what was wrong, or the help that was asked for.
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      return;
    }
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
