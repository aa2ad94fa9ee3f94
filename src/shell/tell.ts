/** Tells the operator what is due, and takes what that adds to the streams into events.jsonl. */
import { messageOf } from '../core/errors.ts';
import type { Notifier, Outbox } from '../ports.ts';
import { deliverDue } from './deliver.ts';
import type { ShellDeps, StopSignals } from './deps.ts';
import type { Dispatcher } from './dispatcher.ts';
import { catchUp } from './lead-stream.ts';

export interface TellDeps {
  readonly shell: ShellDeps;
  readonly outbox: Outbox;
  readonly notifiers: readonly Notifier[];
}

async function copyLog(shell: ShellDeps, leadId: string): Promise<void> {
  const { artifacts, options, log } = shell;
  try {
    await catchUp(leadId, { ...shell, files: artifacts.lead(leadId), daemon: options.daemon });
  } catch (error) {
    // The database has the event; the lead's next run copies it all the same.
    log.warn({ leadId, reason: messageOf(error) }, 'events.jsonl could not be brought up to date');
  }
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
