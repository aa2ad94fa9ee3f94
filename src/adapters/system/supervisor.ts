/**
 * Tells systemd that the daemon is up, alive and stopping. Its protocol is datagrams on a unix socket,
 * which Node does not have; systemd's own `systemd-notify` sends them, which is there wherever systemd
 * is, and needs no native addon to be built or kept.
 */
import { execFile } from 'node:child_process';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../ports.ts';

export interface Supervisor {
  /** The daemon works; from now on it is expected to be heard of. */
  ready(): void;
  stopping(): void;
  /** Ends the pings. */
  close(): void;
}

export interface SupervisorOptions {
  /** How long the daemon may be silent; null when nobody listens. */
  readonly watchdogMs: number | null;
  readonly log: Log;
}

const NOBODY: Supervisor = {
  ready: () => undefined,
  stopping: () => undefined,
  close: () => undefined,
};

/** `listens`: somebody gave this process a socket to report to. */
export function openSupervisor(listens: boolean, options: SupervisorOptions): Supervisor {
  if (!listens) return NOBODY;
  const { watchdogMs, log } = options;
  let timer: NodeJS.Timeout | undefined;

  function say(...words: readonly string[]): void {
    execFile('systemd-notify', [...words], (error) => {
      if (error === null) return;
      log.warn({ reason: messageOf(error) }, 'systemd could not be told how the daemon is');
    });
  }

  return {
    ready() {
      say('--ready', '--status=Waiting for flagged leads');
      if (watchdogMs === null) return;
      // By the event loop itself: a loop that is stuck sends nothing, and is ended.
      timer = setInterval(() => say('WATCHDOG=1'), watchdogMs / 2);
      timer.unref();
    },
    stopping: () => say('STOPPING=1', '--status=Finishing what is under way'),
    close: () => clearInterval(timer),
  };
}
