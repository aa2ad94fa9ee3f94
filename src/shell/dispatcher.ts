/** Claims leads while there are any and room for them; one idempotent drain serves every wake-up. */
import { messageOf } from '../core/errors.ts';
import type { Claim } from '../ports.ts';
import type { ShellDeps, StopSignals } from './deps.ts';
import { runLead, type RunOutcome } from './run-lead.ts';

export interface Dispatcher {
  /** "Look again": claims until nothing is left. Never waits, never throws; safe to call at any time. */
  poke(): void;
  /** Resolves when no drain and no lead is under way. */
  idle(): Promise<void>;
  /** Leads taken since the start. */
  taken(): number;
  running(): readonly string[];
}

export interface DispatcherOptions {
  readonly onOutcome?: (leadId: string, outcome: RunOutcome) => void;
  /** Takes leads for which this is true; the rest is left. */
  readonly only?: string;
}

export function createDispatcher(
  deps: ShellDeps,
  signals: StopSignals,
  { onOutcome, only }: DispatcherOptions = {},
): Dispatcher {
  const { store, log, options } = deps;
  const running = new Map<string, Promise<void>>();
  let drain: Promise<void> | null = null;
  let again = false;
  let taken = 0;

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
    running.set(claim.lead.id, run(claim));
  }

  /** One claim, if there is room. False when there is nothing to do now. */
  async function tick(): Promise<boolean> {
    if (signals.stopping.aborted || running.size >= options.leadConcurrency) return false;
    const claim = await store.claim({
      daemon: options.daemon,
      leaseMs: options.leaseMs,
      running: [...running.keys()],
      ...(only === undefined ? {} : { only }),
    });
    if (claim === null) return false;
    start(claim);
    return true;
  }

  async function drainAll(): Promise<void> {
    while (again) {
      again = false;
      try {
        while (await tick());
      } catch (error) {
        log.error(
          { reason: messageOf(error) },
          'Leads could not be claimed; the next poll tries again',
        );
      }
    }
    drain = null;
  }

  function poke(): void {
    again = true;
    drain ??= drainAll();
  }

  return {
    poke,
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
