/** The daily sweep's clock, by node-cron. */
import { schedule, validate } from 'node-cron';
import { PlanlineError } from '../../core/errors.ts';

export interface DailyOptions {
  readonly cron: string;
  readonly timeZone: string;
  readonly onTick: () => void;
  readonly signal: AbortSignal;
}

/** Throws `config` when the expression is not one. */
export function scheduleDaily({ cron: expression, timeZone, onTick, signal }: DailyOptions): void {
  if (!validate(expression)) {
    throw new PlanlineError(
      'config',
      `SWEEP_CRON "${expression}" is not a cron expression. Five fields are wanted: minute, hour, day of month, month, day of week, such as 0 6 * * * for six every morning.`,
    );
  }
  // Asked to stop before it began: a task would keep the process alive for ever.
  if (signal.aborted) return;
  const task = schedule(expression, onTick, { timezone: timeZone });
  signal.addEventListener('abort', () => void task.stop(), { once: true });
}
