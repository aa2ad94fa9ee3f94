/** What an SDK threw, fit to travel as a cause: logs print causes, and SDKs quote addresses. */
import type { Scrubber } from '../../core/scrub.ts';

/** A copy without secrets: name, message and the codes that its innermost cause bears. */
export function safeCause(error: unknown, scrubber: Scrubber): Error {
  const inner = innermost(error);
  const message = inner instanceof Error ? inner.message : String(inner);
  const safe = new Error(scrubber.text(message));
  if (inner instanceof Error) safe.name = inner.name;
  return Object.assign(safe, { code: errorCode(inner) });
}

/** fetch says "fetch failed"; why stands at the end of the chain. */
function innermost(error: unknown): unknown {
  let inner = error;
  for (let depth = 0; depth < 8; depth += 1) {
    if (!(inner instanceof Error) || inner.cause === undefined) break;
    inner = inner.cause;
  }
  return inner;
}

export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
