/** The port by which texts leave the database; the page of the others is `ports.ts`. */

/** What an erasure took out of the database. */
export interface Erased {
  /** As the database spells it. */
  readonly leadId: string;
  /** False when nothing was left of an earlier erasure's: no event was added then. */
  readonly recorded: boolean;
  readonly runs: number;
  readonly artifacts: number;
  readonly pages: number;
  readonly pageVersions: number;
  readonly notifications: number;
  /** Columns of the project's own that still hold something. */
  readonly ownColumns: readonly string[];
}

/** How texts leave the database: a person is forgotten, an old run is left to its zip. */
export interface RetentionStore {
  /**
   * One transaction: every text of the lead goes, the event `lead.erased` comes. May be repeated. Runs
   * of `keepRuns` stay, and then the row too, and no event is added. Throws `stale_lease` while a
   * daemon holds the lead, `lead_moved` when the database knows nothing of it.
   */
  erase(request: {
    readonly leadId: string;
    readonly actor: string;
    readonly keepRuns?: readonly string[];
  }): Promise<Erased>;
  /**
   * Ids of all leads whose stream tells of an erasure; with `withinMs`, of one that was recorded within
   * this time by the database's clock.
   */
  erasedIds(lately?: { readonly withinMs: number }): AsyncIterable<string>;
  /**
   * Takes texts of an archived run out, those whose sha256 is among `sums`, and adds `run.pruned`. May
   * be repeated. Throws `usage` when it is the newest run of the lead, or its pages are up.
   */
  prune(request: {
    readonly leadId: string;
    readonly runId: string;
    readonly actor: string;
    readonly zipSha256: string;
    readonly sums: readonly string[];
  }): Promise<{ readonly artifacts: number; readonly bytes: number }>;
}
