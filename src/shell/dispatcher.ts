/** Claims leads while there are any and room for them; one idempotent drain serves every wake-up. */
import { isPlanlineError, messageOf } from '../core/errors.ts';
import type { Claim } from '../ports.ts';
import type { ShellDeps, StopSignals } from './deps.ts';
import { runLead, type RunOutcome } from './run-lead.ts';

export interface Dispatcher {
  /** "Look again": claims until nothing is left. Never waits, never throws; safe to call at any time. */
  poke(): void;
  /** The same; resolves with what was claimed by it, once nothing is left or nothing more has room. */
  look(): Promise<readonly Claim[]>;
  /** Resolves when no drain and no lead is under way. */
  idle(): Promise<void>;
  /** Work on a lead's files while it is not run; it is not claimed meanwhile. Nothing when it is run. */
  aside(leadId: string, work: () => Promise<void>): Promise<void>;
  /** Leads taken since the start. */
  taken(): number;
  running(): readonly string[];
}

export interface DispatcherOptions {
  readonly onOutcome?: (leadId: string, outcome: RunOutcome) => void;
  /** Told why leads could not be claimed; it is logged when nobody is to be told. */
  readonly onClaimFailed?: (error: unknown) => void;
  /** Takes leads for which this is true; the rest is left. */
  readonly only?: string;
}

export function createDispatcher(
  deps: ShellDeps,
  signals: StopSignals,
  { onOutcome, onClaimFailed, only }: DispatcherOptions = {},
): Dispatcher {
  const { store, account, log, crash, options } = deps;
  const running = new Map<string, Promise<void>>();
  let drain: Promise<void> | null = null;
  let again = false;
  let taken = 0;
  const lookers = new Set<Claim[]>();

  async function run(claim: Claim): Promise<void> {
    const leadId = claim.lead.id;
    try {
      const outcome = await runLead(deps, claim, signals);
      onOutcome?.(leadId, outcome);
    } catch (error) {
      log.error({ leadId, error }, 'A run ended badly; its lease runs out by itself');
    } finally {
      running.delete(leadId);
      poke();
    }
  }

  function start(claim: Claim): void {
    taken += 1;
    for (const claims of lookers) claims.push(claim);
    running.set(claim.lead.id, run(claim));
  }

  /** One claim, if there is room. False when there is nothing to do now. */
  async function tick(): Promise<boolean> {
    if (signals.stopping.aborted || running.size >= options.leadConcurrency) return false;
    // Almost every step leads to a prompt: while nobody may send, claims would only pile up events.
    if (!(await account.turn(signals.abort)).ready) return false;
    const claim = await store.claim({
      daemon: options.daemon,
      leaseMs: options.leaseMs,
      running: [...running.keys()],
      ...(only === undefined ? {} : { only }),
    });
    if (claim === null) return false;
    crash.during('begin');
    crash.reached('claimed');
    start(claim);
    return true;
  }

  function logClaimFailed(error: unknown): void {
    log.error(
      { reason: messageOf(error) },
      'Leads could not be claimed; the next poll tries again',
    );
  }

  async function drainAll(): Promise<void> {
    while (again) {
      again = false;
      try {
        while (await tick());
      } catch (error) {
        if (isPlanlineError(error, 'stopping')) break;
        if (onClaimFailed === undefined) logClaimFailed(error);
        else onClaimFailed(error);
      }
    }
    drain = null;
  }

  function poke(): void {
    again = true;
    drain ??= drainAll();
  }

  async function claimed(): Promise<void> {
    for (let claiming = drain; claiming !== null; claiming = drain) await claiming;
  }

  async function look(): Promise<readonly Claim[]> {
    const claims: Claim[] = [];
    lookers.add(claims);
    poke();
    await claimed();
    lookers.delete(claims);
    return claims;
  }

  async function aside(leadId: string, work: () => Promise<void>): Promise<void> {
    // A claim under way may be about to bring this very lead.
    await claimed();
    if (running.has(leadId)) return;
    const done = work().finally(() => {
      running.delete(leadId);
      poke();
    });
    running.set(leadId, done);
    await done;
  }

  return {
    poke,
    look,
    aside,
    async idle() {
      for (;;) {
        const busy = [...running.values(), ...(drain === null ? [] : [drain])];
        if (busy.length === 0) return;
        await Promise.all(busy);
      }
    },
    taken: () => taken,
    running: () => [...running.keys()],
  };
}
