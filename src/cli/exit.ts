/** How a command ends: exit codes and messages for people. */
import { ChatError, isPlanlineError, messageOf, PlanlineError } from '../core/errors.ts';

export const EXIT = {
  ok: 0,
  /** The work was done and its result is bad: something is blocked, differs, is missing. */
  bad: 1,
  /** The command or its settings are wrong; nothing was done. */
  usage: 2,
} as const;

export function exitCodeOf(error: unknown): number {
  const wrongSettings =
    isPlanlineError(error, 'usage') ||
    isPlanlineError(error, 'config') ||
    isPlanlineError(error, 'setup');
  return wrongSettings ? EXIT.usage : EXIT.bad;
}

/** One message; a bug shows its stack, as only its author can mend it. */
export function describe(error: unknown): string {
  if (error instanceof PlanlineError || error instanceof ChatError)
    return `planline: ${error.message}`;
  return `planline: unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`;
}
