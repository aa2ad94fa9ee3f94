/** What a service manager is told, one command at a time. */
export type CommandLine = readonly [program: string, ...args: string[]];

export interface ServiceStep {
  readonly words: CommandLine;
  /** Exit codes that are as good as 0; null for all of them. */
  readonly fine?: readonly number[] | null;
  /** Exit codes by which the manager says that it is not there yet: the command is given again. */
  readonly notYet?: readonly number[];
}

/** What the service manager has of the service before it is started. */
export interface Before {
  /** The definition that it went by; null where there was none. */
  readonly definition: 'same' | 'older' | null;
  /** Whether it holds one, running or not. */
  readonly isLoaded: boolean;
}
