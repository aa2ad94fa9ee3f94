/** What every suite is given and gives. */
import type { Section } from '../report/section.ts';

export interface SuiteContext {
  /** How often each subject is measured; the rounds of all subjects alternate. */
  readonly rounds: number;
  /** A tenth of the samples, to see that everything runs; its figures are of no use. */
  readonly isTrial: boolean;
  /** One line to whoever watches. */
  readonly say: (line: string) => void;
}

export type Suite = (context: SuiteContext) => Promise<Section>;
