/** What a service definition is made of; how each system writes it down is its own file. */

/** First line of every definition of ours: whoever reads it knows where it comes from. */
export const SERVICE_MARK =
  'Written by `planline service install`; the next install overwrites it.';

export interface ServiceSettings {
  /** Of the unit or agent, without ending: `planline`. */
  readonly name: string;
  /** Absolute: node itself, and planline's main file. */
  readonly nodePath: string;
  readonly mainPath: string;
  /** Absolute; where `.env` is. */
  readonly directory: string;
  /** Absolute: what the daemon writes to. */
  readonly home: string;
  readonly runsDir: string;
  /** Absolute; null without cold storage. */
  readonly coldStorageDir: string | null;
  /** A page driver shows a browser on somebody's screen; the others need no screen and start none. */
  readonly needsScreen: boolean;
}

/** A line break in a path would begin a line of its own in any of the formats. */
export function unwritablePath(settings: ServiceSettings): string | null {
  const { nodePath, mainPath, directory, home, runsDir, coldStorageDir } = settings;
  const paths = [nodePath, mainPath, directory, home, runsDir, coldStorageDir ?? ''];
  return paths.find((path) => /\p{Cc}/u.test(path)) ?? null;
}

/** A path as one word of a command that a person copies into a shell. */
export function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
