/** Everything flagged or left over, taken to its rest: waits for retries and for the account's turn. */
import { messageOf } from '../core/errors.ts';
import { UNDER_WAY_STATUSES } from '../core/lifecycle.ts';
import { isWithPerson } from './chat-account.ts';
import type { StopSignals } from './deps.ts';
import { createDispatcher } from './dispatcher.ts';
import { eraseLeftOvers } from './erase-here.ts';
import { settleLeftOvers } from './left-over.ts';
import { sleepUntil } from './sleep-until.ts';
import type { RunOutcome } from './run-lead.ts';
import { tell, tellAll, type TellDeps } from './tell.ts';

const LEAST_WAIT_MS = 100;
/** What is due is due by the database's clock: this one may be far off. */
const LOOK_AGAIN_MS = 60_000;

export interface SweepResult {
  readonly archived: readonly string[];
  readonly blocked: readonly string[];
  /** Not at rest: the chat account needs a person, the sweep was stopped, or another daemon has them. */
  readonly waiting: number;
  readonly reason: string | null;
}

/** Throws what keeps leads from being claimed at all, once those under way have come to rest. */
export async function sweep(
  given: Omit<TellDeps, 'rests'>,
  signals: StopSignals,
): Promise<SweepResult> {
  const deps: TellDeps = { ...given, rests: new Map() };
  const { shell } = deps;
  const { directory, clock, account, log } = shell;
  const outcomes = new Map<string, RunOutcome>();
  const claimFailures: Error[] = [];
  const dispatcher = createDispatcher(shell, signals, {
    onOutcome: (leadId, outcome) => outcomes.set(leadId, outcome),
    onClaimFailed: (error) => {
      claimFailures.push(error instanceof Error ? error : new Error(messageOf(error)));
    },
  });
  const ended = (kind: RunOutcome['kind']): string[] =>
    [...outcomes].filter(([, outcome]) => outcome.kind === kind).map(([leadId]) => leadId);

  // A database that is not there at the start is told at once; later on it is waited for.
  await directory.nextDue();
  await settleLeftOvers(shell);
  await eraseLeftOvers(shell, dispatcher);
  for (;;) {
    dispatcher.poke();
    await dispatcher.idle();
    const failure = claimFailures.pop();
    if (failure !== undefined) throw failure;
    await tell(deps, dispatcher, signals);
    const dueMs = await directory.nextDue();
    const turn = dueMs === null ? null : await account.turn(signals.abort);
    const needsOperator = isWithPerson(account.state());
    if (dueMs === null || needsOperator || signals.stopping.aborted) {
      await tellAll(deps, dispatcher, signals);
      const reason = needsOperator ? account.state().reason : null;
      const waiting = await directory.count(UNDER_WAY_STATUSES);
      return { archived: ended('archived'), blocked: ended('blocked'), waiting, reason };
    }
    const nowMs = clock.now();
    const restMs = turn?.ready === false ? turn.untilMs - nowMs : 0;
    const waitMs = Math.max(Math.min(dueMs - nowMs, LOOK_AGAIN_MS), restMs, LEAST_WAIT_MS);
    log.info({ waitMs }, 'Waiting for the next attempt');
    await sleepUntil(clock, nowMs + waitMs, signals.stopping);
  }
}
