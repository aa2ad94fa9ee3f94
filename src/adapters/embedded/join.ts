/** The embedded Supabase of a PLANLINE_HOME for a process that may not be alone there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPlanlineError } from '../../core/errors.ts';
import { readLock } from '../disk/process-lock.ts';
import { startEmbedded, type Embedded, type EmbeddedOptions } from './embedded.ts';
import { homePaths } from './paths.ts';
import { readRunning, type Running } from './running-file.ts';

/** Longer than a start or a stop of the embedded Supabase, and than a short command. */
const NEIGHBOUR_LIMIT_MS = 20_000;
const NEIGHBOUR_POLL_MS = 100;

export interface JoinOptions extends EmbeddedOptions {
  /**
   * True for who works for long: never the server of another process, which ends with that one.
   * False for a command: the one that answers, whosever it is.
   */
  readonly own: boolean;
  /** How long another process there is waited for. */
  readonly neighbourLimitMs?: number;
}

export interface Joined extends Running {
  /** Null when the server belongs to another process. */
  readonly embedded: Embedded | null;
}

/**
 * The server that answers there, or one started for us. While another process starts or stops its
 * own (or, with `own`, still uses it), it is waited for. Throws what `startEmbedded` throws; the
 * neighbour that does not go away in time is named by `usage`.
 */
export async function joinEmbedded(options: JoinOptions): Promise<Joined> {
  const { home, own, neighbourLimitMs = NEIGHBOUR_LIMIT_MS } = options;
  const deadlineMs = performance.now() + neighbourLimitMs;
  for (;;) {
    const running = own ? null : await readRunning(home);
    if (running !== null) return { ...running, embedded: null };
    const inTime = performance.now() < deadlineMs;
    if (!inTime || !(await isHeld(home))) {
      const embedded = await startUnlessTaken(options, inTime);
      if (embedded !== null) return { ...accessOf(embedded), embedded };
    }
    await sleep(NEIGHBOUR_POLL_MS);
  }
}

function accessOf({ url, secretKey, publishableKey }: Running): Running {
  return { url, secretKey, publishableKey };
}

async function isHeld(home: string): Promise<boolean> {
  return (await readLock(homePaths(home).lock)) !== null;
}

/** Null when another process was faster and there is time to wait for it. */
async function startUnlessTaken(
  options: EmbeddedOptions,
  mayWait: boolean,
): Promise<Embedded | null> {
  try {
    return await startEmbedded(options);
  } catch (error) {
    if (mayWait && isPlanlineError(error, 'usage') && (await isHeld(options.home))) return null;
    throw error;
  }
}
