/** The command line: one file a command, put together here. */
import { Command, CommanderError } from 'commander';
import { version } from '../package-root.ts';
import { addCommand } from './add.ts';
import { daemonCommand } from './daemon.ts';
import { dbCommand } from './db.ts';
import { doctorCommand } from './doctor.ts';
import { eventsCommand } from './events.ts';
import { describe, EXIT, exitCodeOf } from './exit.ts';
import { flagCommand } from './flag.ts';
import { folderCommands } from './folder.ts';
import { previewCommand } from './preview.ts';
import { statusCommand } from './status.ts';
import { sweepCommand } from './sweep.ts';
import { uploadCommand } from './upload.ts';
import { verifyCommand } from './verify.ts';

function program(): Command {
  const root = new Command('planline')
    .description(
      'Takes flagged leads through a pipeline of ChatGPT prompts to finished learning pages.',
    )
    .version(version)
    .showHelpAfterError('(planline COMMAND --help shows how, with an example)')
    .configureHelp({ sortSubcommands: false });
  for (const command of [
    daemonCommand(),
    sweepCommand(),
    addCommand(),
    flagCommand(),
    statusCommand(),
    eventsCommand(),
    verifyCommand(),
    doctorCommand(),
    dbCommand(),
    ...folderCommands(),
    uploadCommand(),
    previewCommand(),
  ]) {
    root.addCommand(command);
  }
  for (const command of root.commands) command.exitOverride();
  return root.exitOverride();
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
