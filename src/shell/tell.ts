/** Tells the operator what is due, and takes what that adds to the streams into events.jsonl. */
import type { Notifier, Outbox } from '../ports.ts';
import { deliverDue } from './deliver.ts';
import type { ShellDeps, StopSignals } from './deps.ts';
import type { Dispatcher } from './dispatcher.ts';
import { copyLog } from './left-over.ts';

export interface TellDeps {
  readonly shell: ShellDeps;
  readonly outbox: Outbox;
  readonly notifiers: readonly Notifier[];
}

/** Throws what the outbox throws. */
export async function tell(
  { shell, outbox, notifiers }: TellDeps,
  dispatcher: Dispatcher,
  { stopping, abort }: StopSignals,
): Promise<void> {
  const told = new Set<string>();
  const onRecorded = (leadId: string): void => void told.add(leadId);
  await deliverDue({ ...shell, outbox, notifiers, onRecorded }, stopping, abort);
  for (const leadId of told) await dispatcher.aside(leadId, () => copyLog(shell, leadId));
}
