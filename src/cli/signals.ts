/** SIGTERM and SIGINT: the first asks to stop, the second ends at once. */
import type { StopSignals } from '../shell/deps.ts';

/** A prompt under way may finish within this; then it is dropped, and looked for at the next start. */
const GRACE_MS = 20_000;
/** 128 + SIGINT, as shells report it. */
const EXIT_INTERRUPTED = 130;

export interface ProcessStop extends StopSignals {
  /** Asks to stop from within, with the reason for the log. */
  request(): void;
  dispose(): void;
}

export function stopOnSignals(onFirst: () => void): ProcessStop {
  const stopping = new AbortController();
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  function request(): void {
    if (stopping.signal.aborted) return;
    stopping.abort();
    timer = setTimeout(() => abort.abort(), GRACE_MS);
  }
  function onSignal(): void {
    // What is under way is safe: the next start resumes it from its events.
    if (stopping.signal.aborted) process.exit(EXIT_INTERRUPTED);
    onFirst();
    request();
  }
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return {
    stopping: stopping.signal,
    abort: abort.signal,
    request,
    dispose() {
      clearTimeout(timer);
      process.off('SIGTERM', onSignal);
      process.off('SIGINT', onSignal);
    },
  };
}
