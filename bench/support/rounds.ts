/** Alternating rounds: what the machine does meanwhile falls on all subjects alike. */
import { messageOf } from '../../src/core/errors.ts';
import type { SuiteContext } from './suite.ts';

export interface Contender<T> {
  readonly name: string;
  /** One round, from nothing running to nothing running. */
  measure(round: number): Promise<T>;
}

export interface Outcome<T> {
  /** Of the rounds that succeeded, in order. */
  readonly rounds: readonly T[];
  /** Why the first failed round failed; null when none did. A contender that failed is not tried again. */
  readonly failure: string | null;
}

/** Each round measures all contenders, one at a time; the order turns around with every round. */
export async function alternate<T>(
  contenders: readonly Contender<T>[],
  { rounds, say }: SuiteContext,
): Promise<ReadonlyMap<string, Outcome<T>>> {
  const outcomes = new Map<string, Outcome<T>>(
    contenders.map(({ name }) => [name, { rounds: [], failure: null }]),
  );
  for (let round = 1; round <= rounds; round += 1) {
    const order = round % 2 === 1 ? contenders : contenders.toReversed();
    for (const contender of order) {
      const { name } = contender;
      const before = outcomes.get(name);
      if (before === undefined || before.failure !== null) continue;
      try {
        const result = await contender.measure(round);
        outcomes.set(name, { ...before, rounds: [...before.rounds, result] });
        say(`round ${round} of ${rounds}, ${name}: ${JSON.stringify(result)}`);
      } catch (error) {
        outcomes.set(name, { ...before, failure: messageOf(error) });
        say(`round ${round} of ${rounds}, ${name} failed: ${messageOf(error)}`);
      }
    }
  }
  return outcomes;
}
