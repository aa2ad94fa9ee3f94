/** The example that every command's --help ends with. */
import type { Command } from 'commander';

export function withExample(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText(
    'after',
    `\nExample:\n${lines.map((line) => `  $ ${line}`).join('\n')}`,
  );
}
