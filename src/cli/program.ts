/** The command line: the chosen command is loaded, the others are listed by name. */
import { Command, CommanderError } from 'commander';
import { version } from '../package-root.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';
import { describe, EXIT, exitCodeOf } from './exit.ts';

/** Wrong usage throws instead of ending the process, and points to the help of that very command. */
function settle(command: Command, usedAs: string): void {
  command.exitOverride().showHelpAfterError(`(${usedAs} --help shows how, with an example)`);
  for (const inner of command.commands) settle(inner, `${usedAs} ${inner.name()}`);
}

/** The root has no option that takes a value: its first word is the command's name. */
function chosenOf(argv: readonly string[]): string | undefined {
  const [first, second] = argv.slice(2).filter((word) => !word.startsWith('-'));
  return first === 'help' ? second : first;
}

/** For the list of commands alone: what a command needs takes longer to load than the list to read. */
function listed({ name, takes }: CommandEntry): Command {
  const command = new Command(name);
  return takes === undefined ? command : command.arguments(takes);
}

async function program(argv: readonly string[]): Promise<Command> {
  const root = new Command('planline')
    .description(
      'Takes flagged leads through a pipeline of ChatGPT prompts to finished learning pages.',
    )
    .version(version)
    .configureHelp({
      sortSubcommands: false,
      subcommandTerm: (command) =>
        `${command.name()} ${command.usage().replace('[options]', '').trim()}`.trim(),
    });
  const chosen = chosenOf(argv);
  for (const entry of COMMANDS) {
    const command = entry.name === chosen ? await entry.load() : listed(entry);
    root.addCommand(command.description(entry.about));
  }
  settle(root, 'planline');
  return root;
}

/** Runs one command; the exit code is set, the process ends when nothing is left to do. */
export async function runCli(argv: readonly string[]): Promise<void> {
  try {
    await (await program(argv)).parseAsync(argv);
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
