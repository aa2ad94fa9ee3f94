/**
 * What a benchmark reports. A suite (`bench/suites/<name>.ts`) measures and gives one section; nothing
 * in it knows how a section is printed.
 */

/** Who was measured: planline itself, a system that a user would pick instead, or a limit of the machine. */
export interface Subject {
  /** As in the report: `planline`, `graphile-worker`, `bare JSON.parse`. */
  readonly name: string;
  /** Of the package, or null where there is none. */
  readonly version: string | null;
}

/** One figure of one subject: the runs of alternating rounds, as measured. */
export interface Measured {
  readonly subject: Subject;
  readonly unit: 'ms' | 's' | 'µs' | 'per s' | 'MB/s' | 'MB' | '% of a core' | 'ns';
  /** A value a round, never empty; their median is what is reported, their range is shown. */
  readonly rounds: readonly number[];
}

/** A row of the report: one question, our figure, and the figures of others. */
export interface Row {
  /** What was asked: `p50, empty queue`, `8 leads in parallel, embedded`. */
  readonly question: string;
  readonly ours: Measured;
  readonly others: readonly Measured[];
  /**
   * A ratio is ours ÷ theirs; `lower` is better for a time, `higher` for a rate. A goal is held against
   * the ratio to the subject that it names.
   */
  readonly better: 'lower' | 'higher';
  readonly goal: { readonly against: string; readonly ratio: number } | null;
  /** Why we are behind, or what the figure leaves out, with figures; shown under the table. */
  readonly note: string | null;
}

/** A plot for README: bars of one row, or lines of a figure over a size. */
export interface Plot {
  /** `flag-to-start`; becomes `bench/plots/<name>.svg`. */
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly { readonly label: string; readonly value: number }[];
  }[];
}

export interface Section {
  readonly title: string;
  /** How it was measured, in sentences that let a reader repeat it. */
  readonly method: readonly string[];
  readonly rows: readonly Row[];
  readonly plots: readonly Plot[];
  /** What else is kept as evidence, such as query plans: a heading and verbatim text each. */
  readonly appendix: readonly { readonly heading: string; readonly text: string }[];
}
