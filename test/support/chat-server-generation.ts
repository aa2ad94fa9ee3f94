/** One answer being made, piece by piece, whether or not anybody listens. */
import { setTimeout as wait } from 'node:timers/promises';
import type { EndingName } from './chat-server-faults.ts';

export type Status = 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

export interface Plan {
  readonly id: string;
  readonly model: string;
  readonly background: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdSeconds: number;
  readonly text: () => string | Promise<string>;
  readonly ending: EndingName | null;
  /** Never ends by itself. */
  readonly frozen: boolean;
  readonly delayMs: number;
  readonly chunkDelayMs: number;
  /** Resolves when answers may begin. */
  readonly gate: Promise<void>;
}

export interface Generation {
  readonly plan: Plan;
  status(): Status;
  /** What has been said so far. */
  said(): string;
  /** The piece at `index`, once it is there; null after the last one. */
  piece(index: number): Promise<string | null>;
  cancel(): void;
  /** Resolves when the status is final. */
  readonly done: Promise<void>;
}

// Not a multiple of anything: pieces end within words, emoji and line ends.
const PIECE_CHARS = 331;

function piecesOf(text: string): string[] {
  const count = Math.ceil(text.length / PIECE_CHARS);
  return Array.from({ length: count }, (_, i) =>
    text.slice(i * PIECE_CHARS, (i + 1) * PIECE_CHARS),
  );
}

function spoken(text: string, ending: EndingName | null): string {
  if (ending === 'empty' || ending === 'refusal') return '';
  return ending === null ? text : text.slice(0, Math.ceil(text.length / 2));
}

function finalStatus(ending: EndingName | null): Status {
  if (ending === 'failed') return 'failed';
  return ending === 'length' || ending === 'content_filter' ? 'incomplete' : 'completed';
}

export function generate(plan: Plan): Generation {
  const pieces: string[] = [];
  const stop = new AbortController();
  let status: Status = 'in_progress';
  let wake: PromiseWithResolvers<void> = Promise.withResolvers();

  const changed = (): void => {
    const previous = wake;
    wake = Promise.withResolvers();
    previous.resolve();
  };
  const end = (final: Status): void => {
    if (status === 'in_progress') status = final;
    changed();
  };
  const ended = (): boolean => status !== 'in_progress';
  const stopped = new Promise<void>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(), { once: true });
  });

  const run = async (): Promise<void> => {
    const { signal } = stop;
    await Promise.race([plan.gate, stopped]);
    if (plan.delayMs > 0) await wait(plan.delayMs, undefined, { signal });
    for (const piece of piecesOf(spoken(await plan.text(), plan.ending))) {
      if (signal.aborted) break;
      if (plan.chunkDelayMs > 0) await wait(plan.chunkDelayMs, undefined, { signal });
      pieces.push(piece);
      changed();
      if (plan.frozen) break;
    }
    if (plan.frozen) await stopped;
    end(signal.aborted ? 'cancelled' : finalStatus(plan.ending));
  };
  const done = run().catch((error: unknown) => {
    end(stop.signal.aborted ? 'cancelled' : 'failed');
    if (!stop.signal.aborted) throw error;
  });

  return {
    plan,
    status: () => status,
    said: () => pieces.join(''),
    async piece(index) {
      while (pieces[index] === undefined && !ended()) await wake.promise;
      return pieces[index] ?? null;
    },
    cancel: () => stop.abort(),
    done,
  };
}
