/** The `rehearsal` driver: offline, for trying planline out. Its pages say that they are rehearsals. */
import { ChatError } from '../../../core/errors.ts';
import type { ChatDriver, Clock } from '../../../ports.ts';
import { journaled } from '../journaled.ts';
import { rehearsalAnswer } from './answer.ts';

export interface RehearsalSettings {
  readonly clock: Clock;
  /** Before each answer, so that a person sees the progress; 150 by default. */
  readonly delayMs?: number;
}

const DELAY_MS = 150;

export const REHEARSAL_REF = 'rehearsal';

function unlessStopped(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new ChatError('retryable', 'Stopped before the answer was complete.', {
    cause: signal.reason,
  });
}

/** Aborting throws ChatError `retryable` with the signal's reason as `cause`. */
export function createRehearsalDriver(settings: RehearsalSettings): ChatDriver {
  const { clock, delayMs = DELAY_MS } = settings;
  return {
    name: 'rehearsal',
    ask: (request, journal, signal) =>
      journaled(journal, signal, async () => {
        unlessStopped(signal);
        const ref = { kind: REHEARSAL_REF, id: request.requestId };
        await journal.sent(ref);
        await clock.sleep(delayMs, signal);
        unlessStopped(signal);
        // A repair asks for the same again.
        const text = rehearsalAnswer(request.step, request.follows?.prompt ?? request.text);
        return { text, capture: 'rehearsal', complete: true, ref, model: null };
      }),
    async recover() {
      // Nothing is kept, and asking again costs nothing and gives the same answer.
      return { kind: 'not_sent' };
    },
    async check() {
      return [
        {
          name: 'ChatGPT (rehearsal)',
          level: 'ok',
          detail:
            'offline: planline writes the answers itself, and its pages say that they are rehearsals',
          action: 'For real answers set CHAT_DRIVER=openai with OPENAI_API_KEY, or another driver.',
        },
      ];
    },
    async close() {
      // There is nothing to close.
    },
  };
}
