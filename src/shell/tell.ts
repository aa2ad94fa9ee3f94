/** Tells the operator what is due, and takes what that adds to the streams into events.jsonl. */
import type { Notifier, Outbox } from '../ports.ts';
import { deliverDue, type Rests, type TellingOptions } from './deliver.ts';
import type { ShellDeps, StopSignals } from './deps.ts';
import type { Dispatcher } from './dispatcher.ts';
import { copyLog } from './left-over.ts';

export interface TellDeps {
  readonly shell: ShellDeps;
  readonly outbox: Outbox;
  readonly notifiers: readonly Notifier[];
  readonly telling: TellingOptions;
  readonly rests: Rests;
}

/** Throws what the outbox throws. */
export async function tell(
  { shell, outbox, notifiers, telling, rests }: TellDeps,
  dispatcher: Dispatcher,
  { stopping, abort }: StopSignals,
): Promise<void> {
  const told = new Set<string>();
  const onRecorded = (leadId: string): void => void told.add(leadId);
  const deps = { ...shell, outbox, notifiers, telling, rests, onRecorded };
  try {
    await deliverDue(deps, stopping, abort);
  } finally {
    // What one channel recorded is recorded, whatever became of another's.
    for (const leadId of told) await dispatcher.aside(leadId, () => copyLog(shell, leadId));
  }
}

/** The same, at the end of a process: nothing is held back for company that may never come. */
export function tellAll(
  deps: TellDeps,
  dispatcher: Dispatcher,
  signals: StopSignals,
): Promise<void> {
  const { telling } = deps;
  const pace = { ...telling.pace, windowMs: 0 };
  return tell({ ...deps, telling: { ...telling, pace } }, dispatcher, signals);
}
