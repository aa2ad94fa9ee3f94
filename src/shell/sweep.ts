/** Everything flagged or left over, taken to its rest: waits for retries and for the account's turn. */
import type { Outbox, Notifier } from '../ports.ts';
import { deliverDue } from './deliver.ts';
import type { ShellDeps, StopSignals } from './deps.ts';
import { createDispatcher } from './dispatcher.ts';
import type { RunOutcome } from './run-lead.ts';

export interface SweepResult {
  readonly archived: readonly string[];
  readonly blocked: readonly string[];
  /** Not at rest: the chat account needs a person, or the sweep was stopped. */
  readonly waiting: number;
  readonly reason: string | null;
}

export interface SweepDeps {
  readonly shell: ShellDeps;
  readonly outbox: Outbox;
  readonly notifiers: readonly Notifier[];
}

export async function sweep(
  { shell, outbox, notifiers }: SweepDeps,
  signals: StopSignals,
): Promise<SweepResult> {
  const { directory, clock, account, log } = shell;
  const outcomes = new Map<string, RunOutcome>();
  const dispatcher = createDispatcher(shell, signals, {
    onOutcome: (leadId, outcome) => outcomes.set(leadId, outcome),
  });
  const ended = (kind: RunOutcome['kind']): string[] =>
    [...outcomes].filter(([, outcome]) => outcome.kind === kind).map(([leadId]) => leadId);

  for (;;) {
    dispatcher.poke();
    await dispatcher.idle();
    await deliverDue({ outbox, notifiers, ...shell }, signals.stopping, signals.abort);
    const dueMs = await directory.nextDue();
    const needsOperator = account.state().at === 'needs_operator';
    if (dueMs === null || needsOperator || signals.stopping.aborted) {
      const reason = needsOperator ? account.state().reason : null;
      const waiting = dueMs === null ? 0 : await directory.count(UNDER_WAY);
      return { archived: ended('archived'), blocked: ended('blocked'), waiting, reason };
    }
    const waitMs = Math.max(dueMs - clock.now(), 0);
    if (waitMs > 0) log.info({ waitMs }, 'Waiting for the next attempt');
    await clock.sleep(waitMs, signals.stopping);
  }
}

const UNDER_WAY = ['flagged', 'processing', 'plan_ready', 'html_ready', 'uploaded'];
