/** Crash points that end the process, for the chaos tests; see core/crash-points.ts. */
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import type { CrashOrder, CrashPhase, CrashPoint } from '../../core/crash-points.ts';
import type { CrashPoints } from '../../ports.ts';

/** As a crash would: no handler, no `finally`, nothing flushed. Never returns. */
function dieNow(): never {
  process.kill(process.pid, 'SIGKILL');
  // The kernel may take a moment; not one more line of ours is to run in it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  throw new Error('a process outlived its own SIGKILL');
}

const sentRequest = z.object({ request: z.object({ path: z.string() }) });

/** Node's fetch tells when the last byte of a request has left: no other code sees that instant. */
function onAppendSent(callBack: () => void): void {
  subscribe('undici:request:bodySent', (message) => {
    const sent = sentRequest.safeParse(message);
    if (sent.success && sent.data.request.path.endsWith('/rpc/planline_append')) callBack();
  });
}

export function armCrashPoints(order: CrashOrder): CrashPoints {
  const counts = new Map<string, number>();
  let current: CrashPhase = 'start';

  function reached(point: CrashPoint, phase: CrashPhase = current): void {
    const key = `${point}:${phase}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    if (order.do === 'trace') appendFileSync(order.file, `${key}:${nth}\n`);
    else if (order.point === point && order.phase === phase && order.nth === nth) dieNow();
  }

  onAppendSent(() => reached('append_sent'));
  return {
    reached,
    during(phase) {
      current = phase;
    },
  };
}
