/** What rebuilding one lead did, in words for the person who asked for it. */
export interface RebuildReport {
  readonly leadId: string;
  /** What was brought back or set aside, a line each; empty when nothing was missing. */
  readonly done: readonly string[];
  /** What could not be brought back, and what to do about it. */
  readonly problems: readonly string[];
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
